package penstock.feed;

import java.util.HashSet;
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
    /** Of the requests that have been answered in this round. */
    private final Set<String> parts = new HashSet<>();
    private final String title;
    private Runnable abort = () -> { };
    private boolean isStopped;

    /**
     * {@code title}: how the log calls the feed; {@code spec}: null if the venue has no list; {@code onChange}: there
     * is another list.
     */
    InstrumentList(final String title, final InstrumentsSpec spec, final SnapshotFetch fetch, final FeedClock clock,
            final Runnable onChange) {
        this.title = title;
        this.spec = spec;
        this.fetch = fetch;
        this.clock = clock;
        this.onChange = onChange;
        timer = new SingleTimer(clock);
    }

    void start() {
        if (spec != null) {
            fetchAll();
        }
    }

    void stop() {
        isStopped = true;
        timer.cancel();
        abort.run();
    }

    /** Whether the venue has an instrument of that name, in its own spelling, as far as is known. */
    boolean mayHave(final String name) {
        return names.isEmpty() || names.contains(name) || !spec.covers(name);
    }

    private void fetchAll() {
        parts.clear();
        fetch(0);
    }

    private void fetch(final int number) {
        try {
            abort = fetch.fetch(SnapshotFetch.Request.of(spec, number), answer -> deliver(number, answer));
        } catch (IllegalArgumentException | IllegalStateException e) {
            fail(e.getMessage());
        }
    }

    /** Any thread. */
    private void deliver(final int number, final SnapshotFetch.Fetched answer) {
        final Set<String> found = answer.status() == 200 && answer.body() != null ? spec.read(answer.body()) : null;
        final String problem = answer.problem() != null ? answer.problem()
            : answer.status() != 200 ? "HTTP status " + answer.status() : null;
        try {
            clock.execute(() -> onAnswer(number, found, problem));
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: a list of instruments arrived after the feed thread had ended", title);
        }
    }

    private void onAnswer(final int number, final Set<String> found, final String problem) {
        if (isStopped) {
            return;
        }
        if (found != null) {
            parts.addAll(found);
        }
        if (found == null || parts.isEmpty() && number == spec.size() - 1) {
            fail(problem != null ? problem
                : spec.names().place() + ": " + spec.names().written() + " finds no name in the answer");
        } else if (number < spec.size() - 1) {
            fetch(number + 1);
        } else {
            timer.set(this::fetchAll, spec.limits().refreshMs());
            names = Set.copyOf(parts);
            LOG.info("{}: the venue lists {} instruments", title, names.size());
            onChange.run();
        }
    }

    private void fail(final String problem) {
        timer.set(this::fetchAll, Math.min(RETRY_MS, spec.limits().refreshMs()));
        LOG.warn("{}: no list of instruments{}: {}", title, names.isEmpty() ? ", any name may be one"
            : ", the last one counts", PrintableText.excerpt(problem));
    }
}
