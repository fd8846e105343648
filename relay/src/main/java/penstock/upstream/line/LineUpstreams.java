package penstock.upstream.line;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.util.Collection;
import java.util.Map;
import penstock.time.FeedClock;
import penstock.upstream.SnapshotFetch;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamFactory;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamSettings;
import penstock.venue.login.HttpExchange;
import penstock.venue.spec.UpstreamUrl;

/** Opens connections whose messages are lines, and leaves all others to another factory. Owned by the feed thread. */
public final class LineUpstreams implements UpstreamFactory {
    private static final StandardInput STDIN = new StandardInput(new FileInputStream(FileDescriptor.in));

    private final UpstreamFactory others;
    private final FeedClock clock;
    private final UpstreamSettings settings;
    private final StandardInput stdin;

    /** With the standard input of the process. */
    public LineUpstreams(final UpstreamFactory others, final FeedClock clock, final UpstreamSettings settings) {
        this(others, clock, settings, STDIN);
    }

    LineUpstreams(final UpstreamFactory others, final FeedClock clock, final UpstreamSettings settings,
            final StandardInput stdin) {
        this.others = others;
        this.clock = clock;
        this.settings = settings;
        this.stdin = stdin;
    }

    @Override
    public Upstream connect(final UpstreamUrl url, final UpstreamListener listener) {
        return connect(url, Map.of(), listener);
    }

    @Override
    public Upstream connect(final UpstreamUrl url, final Map<String, String> values, final UpstreamListener listener) {
        if (url.isWebSocket()) {
            return others.connect(url, values, listener);
        }
        final LineSource source = url.kind() == UpstreamUrl.Kind.STDIN ? stdin.source()
            : new TcpSource(url, settings.connectTimeoutMs());
        final LineConnection connection = new LineConnection(clock, source, settings.frameBytes(), listener);
        connection.start(url.toString(), settings.connectTimeoutMs());
        return connection;
    }

    @Override
    public Collection<String> headers() {
        return others.headers();
    }

    @Override
    public HttpExchange exchange() {
        return others.exchange();
    }

    @Override
    public SnapshotFetch snapshots() {
        return others.snapshots();
    }
}
