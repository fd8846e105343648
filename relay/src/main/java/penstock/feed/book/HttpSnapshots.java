package penstock.feed.book;

import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.time.FeedClock;
import penstock.upstream.SnapshotFetch;
import penstock.venue.book.SnapshotSpec;

/** Fetches snapshots over HTTP. Answers come on threads of the client. Owned by the feed thread. */
public final class HttpSnapshots implements SnapshotSource {
    private static final Logger LOG = LoggerFactory.getLogger(HttpSnapshots.class);

    private final SnapshotFetch fetch;
    private final FeedClock clock;

    public HttpSnapshots(final SnapshotFetch fetch, final FeedClock clock) {
        this.fetch = fetch;
        this.clock = clock;
    }

    @Override
    public Runnable ask(final SnapshotSpec spec, final String symbol, final Consumer<SnapshotFetch.Fetched> answer) {
        return fetch.fetch(
            SnapshotFetch.Request.get(spec.source().uri(symbol), spec.timeoutMs(), spec.maxBytes()),
            fetched -> deliver(fetched, answer));
    }

    /** Any thread. */
    private void deliver(final SnapshotFetch.Fetched fetched, final Consumer<SnapshotFetch.Fetched> answer) {
        try {
            clock.execute(() -> answer.accept(fetched));
        } catch (RejectedExecutionException e) {
            LOG.debug("a snapshot arrived after the feed thread had ended");
        }
    }
}
