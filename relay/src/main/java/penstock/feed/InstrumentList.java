package penstock.feed;

import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.text.PrintableText;
import penstock.time.FeedClock;
import penstock.time.SingleTimer;
import penstock.upstream.SnapshotFetch;
import penstock.venue.spec.InstrumentsSpec;

/**
 * The instruments that the venue has, fetched over HTTP and kept until the next list. Without a list every name may be
 * one. Threads of the HTTP client fetch and read it. Owned by the feed thread.
 */
final class InstrumentList {
    private static final Logger LOG = LoggerFactory.getLogger(InstrumentList.class);
    private static final long RETRY_MS = 60_000;

    private final InstrumentsSpec spec;
    private final SnapshotFetch fetch;
    private final FeedClock clock;
    private final Runnable onChange;
    private final SingleTimer timer;
    private Set<String> names = Set.of();
    private Runnable abort = () -> { };
    private boolean isStopped;

    /** {@code spec}: null if the venue has no list; {@code onChange}: there is another list. */
    InstrumentList(final InstrumentsSpec spec, final SnapshotFetch fetch, final FeedClock clock,
            final Runnable onChange) {
        this.spec = spec;
        this.fetch = fetch;
        this.clock = clock;
        this.onChange = onChange;
        timer = new SingleTimer(clock);
    }

    void start() {
        if (spec != null) {
            fetch();
        }
    }

    void stop() {
        isStopped = true;
        timer.cancel();
        abort.run();
    }

    /** Whether the venue has an instrument of that name, in its own spelling, as far as is known. */
    boolean mayHave(final String name) {
        return names.isEmpty() || names.contains(name);
    }

    private void fetch() {
        try {
            abort = fetch.fetch(spec.uri(), spec.timeoutMs(), spec.maxBytes(), this::deliver);
        } catch (IllegalArgumentException | IllegalStateException e) {
            onAnswer(Set.of(), e.getMessage());
        }
    }

    /** Any thread. */
    private void deliver(final SnapshotFetch.Fetched answer) {
        final Set<String> found = answer.status() == 200 && answer.body() != null ? spec.read(answer.body()) : Set.of();
        final String problem = answer.problem() != null ? answer.problem()
            : answer.status() != 200 ? "HTTP status " + answer.status()
            : "the answer has no names at instruments.names, " + spec.names();
        try {
            clock.execute(() -> onAnswer(found, problem));
        } catch (RejectedExecutionException e) {
            LOG.debug("feed: a list of instruments arrived after the feed thread had ended");
        }
    }

    private void onAnswer(final Set<String> found, final String problem) {
        if (isStopped) {
            return;
        }
        timer.set(this::fetch, found.isEmpty() ? Math.min(RETRY_MS, spec.refreshMs()) : spec.refreshMs());
        if (!found.isEmpty()) {
            names = found;
            LOG.info("feed: the venue lists {} instruments", found.size());
            onChange.run();
        } else {
            LOG.warn("feed: no list of instruments{}: {}", names.isEmpty() ? ", any name may be one" : ", the last one "
                + "counts", PrintableText.excerpt(problem));
        }
    }
}
