package penstock.recording.write;

import java.util.Collection;
import java.util.Map;
import penstock.upstream.SnapshotFetch;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamFactory;
import penstock.upstream.UpstreamListener;
import penstock.venue.login.HttpExchange;
import penstock.venue.spec.UpstreamUrl;

/**
 * Connections of another factory whose messages are recorded, and its snapshots. What the relay sends is not: it may
 * hold credentials. Owned by the feed thread.
 */
final class RecordedUpstreams implements UpstreamFactory {
    private static final int OK = 200;

    private final UpstreamFactory upstreams;
    private final FeedRecorder recorder;

    RecordedUpstreams(final UpstreamFactory upstreams, final FeedRecorder recorder) {
        this.upstreams = upstreams;
        this.recorder = recorder;
    }

    @Override
    public Upstream connect(final UpstreamUrl url, final UpstreamListener listener) {
        return connect(url, Map.of(), listener);
    }

    @Override
    public Upstream connect(final UpstreamUrl url, final Map<String, String> values, final UpstreamListener listener) {
        final RecordedConnection connection = new RecordedConnection(recorder, url.toString(), listener);
        return connection.of(values.isEmpty() ? upstreams.connect(url, connection)
            : upstreams.connect(url, values, connection));
    }

    @Override
    public Collection<String> headers() {
        return upstreams.headers();
    }

    /** Answers of a login hold tokens: they are not recorded. */
    @Override
    public HttpExchange exchange() {
        return upstreams.exchange();
    }

    @Override
    public SnapshotFetch snapshots() {
        final SnapshotFetch snapshots = upstreams.snapshots();
        return (request, answer) -> snapshots.fetch(request, fetched -> {
            if (fetched.problem() == null && fetched.status() == OK && fetched.body() != null) {
                recorder.onFetched(request.key(), fetched.body());
            }
            answer.accept(fetched);
        });
    }
}
