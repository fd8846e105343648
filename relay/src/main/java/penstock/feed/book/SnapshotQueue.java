package penstock.feed.book;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.text.PrintableText;
import penstock.time.BackOff;
import penstock.time.FeedClock;
import penstock.time.RateSpec;
import penstock.time.SlidingWindow;
import penstock.upstream.ReconnectPolicy;
import penstock.upstream.SnapshotFetch;
import penstock.venue.spec.SnapshotSpec;

/**
 * Fetches the snapshots that the books of all connections of a feed wait for: in turn, never faster than the venue's
 * limit, a few at once. What fails is tried again after a back-off; after five failures in a row each minute, for as
 * long as it is wanted. A venue that says 429 or 418 is left alone, by all, for as long as it asks. Owned by the feed
 * thread.
 */
public final class SnapshotQueue {
    /** A book whose fetch failed so often in a row is tried again each minute only. */
    static final int MOST_FAILURES = 5;
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotQueue.class);
    private static final int MOST_AT_ONCE = 4;
    private static final long LEAST_DELAY_MS = 250;
    private static final long MIN_BACK_OFF_MS = 1_000;
    private static final long MAX_BACK_OFF_MS = 30_000;
    private static final long SLOW_MS = 60_000;

    private final SnapshotFetch fetch;
    private final FeedClock clock;
    private final RandomGenerator random;
    private final Counters counters;
    private final Map<String, Source> sources = new HashMap<>();

    /** Who waits for a snapshot. */
    interface Listener {
        /**
         * Null when the snapshot is of use; else why not: it is fetched again later. Not called any more after a
         * cancel.
         */
        String onBody(byte[] body);
    }

    public SnapshotQueue(final SnapshotFetch fetch, final FeedClock clock, final RandomGenerator random,
            final Counters counters) {
        this.fetch = fetch;
        this.clock = clock;
        this.random = random;
        this.counters = counters;
    }

    /** Fetches the book of a symbol until there is one that is of use. */
    Ticket request(final SnapshotSpec spec, final String symbol, final Listener listener) {
        final Source source = sources.computeIfAbsent(spec.source().written(), address -> new Source(spec.rate()));
        final Ticket ticket = new Ticket(source, spec, symbol, listener);
        source.add(ticket);
        return ticket;
    }

    /** What comes from one address: its limits are shared by all symbols. */
    private final class Source {
        private final SlidingWindow window;
        private final Deque<Ticket> waiting = new ArrayDeque<>();
        private final BackOff limited = new BackOff(MIN_BACK_OFF_MS, SLOW_MS, random);
        private FeedClock.Timer timer;
        private long notBeforeNs = Long.MIN_VALUE;
        private int atOnce;

        Source(final RateSpec rate) {
            window = new SlidingWindow(rate);
        }

        void add(final Ticket ticket) {
            waiting.add(ticket);
            ask();
        }

        /** Asks for as many as may be asked for now; a timer sees to the rest. */
        void ask() {
            while (!waiting.isEmpty() && atOnce < MOST_AT_ONCE) {
                final long nowNs = clock.nowNs();
                final long heldNs = notBeforeNs == Long.MIN_VALUE ? 0 : notBeforeNs - nowNs;
                final long waitNs = Math.max(window.waitNs(nowNs), heldNs);
                if (waitNs > 0) {
                    askIn(SlidingWindow.timerMs(waitNs));
                    return;
                }
                window.take(nowNs);
                waiting.poll().send();
            }
        }

        void onLimited(final long askedMs) {
            final long delayMs = askedMs < 0 ? limited.nextWholeMs()
                : limited.spreadMs(Math.min(askedMs, ReconnectPolicy.MAX_RETRY_AFTER_MS));
            notBeforeNs = clock.nowNs() + delayMs * 1_000_000;
        }

        private void askIn(final long delayMs) {
            if (timer != null) {
                timer.cancel();
            }
            timer = clock.executeAfter(() -> {
                timer = null;
                ask();
            }, delayMs);
        }
    }

    /** One book that is wanted. */
    final class Ticket {
        private final Source source;
        private final SnapshotSpec spec;
        private final String symbol;
        private final Listener listener;
        private final BackOff backOff = new BackOff(MIN_BACK_OFF_MS, MAX_BACK_OFF_MS, random);
        private Runnable inFlight;
        private FeedClock.Timer rest;
        private int attempts;
        private int failures;
        private boolean isEnded;

        private Ticket(final Source source, final SnapshotSpec spec, final String symbol, final Listener listener) {
            this.source = source;
            this.spec = spec;
            this.symbol = symbol;
            this.listener = listener;
        }

        /** It has been asked for, and the answer is under way. */
        boolean isInFlight() {
            return inFlight != null;
        }

        /** Nobody waits any more; a late answer is not heard. */
        void cancel() {
            if (isEnded) {
                return;
            }
            isEnded = true;
            source.waiting.remove(this);
            if (rest != null) {
                rest.cancel();
            }
            if (inFlight != null) {
                final Runnable abort = inFlight;
                inFlight = null;
                source.atOnce--;
                abort.run();
                source.ask();
            }
        }

        private void send() {
            final int attempt = ++attempts;
            source.atOnce++;
            inFlight = () -> { };
            try {
                final Runnable abort = fetch.fetch(spec.source().uri(symbol), spec.timeoutMs(), spec.maxBytes(),
                    answer -> answered(attempt, answer));
                // unless the answer is there already
                if (attempt == attempts && inFlight != null) {
                    inFlight = abort;
                }
            } catch (IllegalArgumentException | IllegalStateException e) {
                onAnswer(attempt, SnapshotFetch.Fetched.failed(e.getMessage()));
            }
        }

        /** Any thread. */
        private void answered(final int attempt, final SnapshotFetch.Fetched answer) {
            try {
                clock.execute(() -> onAnswer(attempt, answer));
            } catch (RejectedExecutionException e) {
                LOG.debug("feed: a snapshot came after the feed thread had ended");
            }
        }

        private void onAnswer(final int attempt, final SnapshotFetch.Fetched answer) {
            if (isEnded || attempt != attempts || inFlight == null) {
                return;
            }
            final String problem = problem(answer);
            // whoever was told may have lost interest meanwhile
            if (!isEnded) {
                inFlight = null;
                source.atOnce--;
                if (problem == null) {
                    onSuccess();
                } else {
                    onFailure(answer, problem);
                }
                source.ask();
            }
        }

        private String problem(final SnapshotFetch.Fetched answer) {
            if (answer.problem() != null) {
                return answer.problem();
            }
            if (answer.status() != 200) {
                return "HTTP status " + answer.status();
            }
            final String problem = listener.onBody(answer.body());
            return problem == null ? null : "the snapshot " + problem;
        }

        private void onSuccess() {
            isEnded = true;
            source.limited.reset();
            counters.increment(Counter.FEED_SNAPSHOTS);
            if (failures >= MOST_FAILURES) {
                LOG.info("feed: the book of {} has begun, after {} failures", PrintableText.excerpt(symbol), failures);
            }
        }

        private void onFailure(final SnapshotFetch.Fetched answer, final String problem) {
            counters.increment(Counter.FEED_SNAPSHOTS_FAILED);
            failures++;
            if (answer.isRateLimited()) {
                source.onLimited(answer.retryAfterMs());
            }
            if (failures == MOST_FAILURES) {
                LOG.warn("feed: there is no book of {}: {}; it is tried again each minute",
                    PrintableText.excerpt(symbol),
                    PrintableText.excerpt(problem));
            }
            final long delayMs = failures < MOST_FAILURES ? LEAST_DELAY_MS + backOff.nextMs()
                : backOff.spreadMs(SLOW_MS);
            rest = clock.executeAfter(() -> {
                rest = null;
                source.add(this);
            }, delayMs);
        }
    }
}
