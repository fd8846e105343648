package penstock.feed.book;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.text.PrintableText;
import penstock.time.BackOff;
import penstock.time.FeedClock;
import penstock.time.RateSpec;
import penstock.time.SingleTimer;
import penstock.time.SlidingWindow;
import penstock.upstream.ReconnectPolicy;
import penstock.upstream.SnapshotFetch;
import penstock.venue.book.SnapshotSpec;

/**
 * Asks for the snapshots that books need: in turn, within the venue's rate limit, a few at a time. A failed request is
 * repeated after a back-off; after five failures in a row once a minute, until it is cancelled. After a status 429 or
 * 418 no request goes to the venue for as long as it asks. Owned by the feed thread.
 */
public final class SnapshotQueue {
    /** After this many failures in a row a book is requested once a minute only. */
    static final int MAX_FAILURES = 5;
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotQueue.class);
    private static final int MAX_IN_FLIGHT = 4;
    private static final long MIN_DELAY_MS = 250;
    private static final long MIN_BACK_OFF_MS = 1_000;
    private static final long MAX_BACK_OFF_MS = 30_000;
    private static final long SLOW_RETRY_MS = 60_000;

    private final String title;
    private final SnapshotSource venue;
    private final FeedClock clock;
    private final RandomGenerator random;
    private final Counters counters;
    private final Map<String, Source> sources = new HashMap<>();

    /** Uses a snapshot. */
    interface Listener {
        /**
         * Null if the snapshot can be used, else the reason: it is requested again later. Not called after a cancel.
         */
        String onBody(byte[] body);
    }

    /** No book needs one; {@code title}: how the log calls the feed. */
    public SnapshotQueue(final String title, final SnapshotSource venue, final FeedClock clock,
            final RandomGenerator random, final Counters counters) {
        this.title = title;
        this.venue = venue;
        this.clock = clock;
        this.random = random;
        this.counters = counters;
    }

    /** Requests the book of a symbol until the listener can use it. */
    Ticket request(final SnapshotSpec spec, final String symbol, final Listener listener) {
        final Source source = sources.computeIfAbsent(spec.written(), written -> new Source(spec.rate()));
        final Ticket ticket = new Ticket(source, spec, symbol, listener);
        source.add(ticket);
        return ticket;
    }

    /** One address, or one message: all symbols share its limits. */
    private final class Source {
        private final SlidingWindow window;
        private final Deque<Ticket> waiting = new ArrayDeque<>();
        private final BackOff rateLimited = new BackOff(MIN_BACK_OFF_MS, SLOW_RETRY_MS, random);
        private final SingleTimer timer = new SingleTimer(clock);
        private long notBeforeNs = Long.MIN_VALUE;
        private int inFlightCount;

        Source(final RateSpec rate) {
            window = new SlidingWindow(rate);
        }

        void add(final Ticket ticket) {
            waiting.add(ticket);
            sendWaiting();
        }

        /** Sends as many requests as the limits allow; a timer sends the rest. */
        void sendWaiting() {
            while (!waiting.isEmpty() && inFlightCount < MAX_IN_FLIGHT) {
                final long nowNs = clock.nowNs();
                final long barredNs = notBeforeNs == Long.MIN_VALUE ? 0 : notBeforeNs - nowNs;
                final long waitNs = Math.max(window.waitNs(nowNs), barredNs);
                if (waitNs > 0) {
                    timer.set(this::sendWaiting, SlidingWindow.timerMs(waitNs));
                    return;
                }
                window.take(nowNs);
                waiting.poll().send();
            }
        }

        void onRateLimited(final long retryAfterMs) {
            final long delayMs = retryAfterMs < 0 ? rateLimited.nextWholeMs()
                : rateLimited.spreadMs(Math.min(retryAfterMs, ReconnectPolicy.MAX_RETRY_AFTER_MS));
            notBeforeNs = clock.nowNs() + delayMs * 1_000_000;
        }
    }

    /** The request for one book. */
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

        /** Sent, and not answered yet. */
        boolean isInFlight() {
            return inFlight != null;
        }

        /** A late answer is ignored. */
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
                source.inFlightCount--;
                abort.run();
                source.sendWaiting();
            }
        }

        private void send() {
            final int attempt = ++attempts;
            source.inFlightCount++;
            inFlight = () -> { };
            try {
                final Runnable abort = venue.ask(spec, symbol, answer -> onAnswer(attempt, answer));
                // unless it was answered during the call
                if (attempt == attempts && inFlight != null) {
                    inFlight = abort;
                }
            } catch (IllegalArgumentException | IllegalStateException e) {
                onAnswer(attempt, SnapshotFetch.Fetched.failed(e.getMessage()));
            }
        }

        private void onAnswer(final int attempt, final SnapshotFetch.Fetched answer) {
            if (isEnded || attempt != attempts || inFlight == null) {
                return;
            }
            final String problem = problem(answer);
            // the listener may have cancelled it
            if (!isEnded) {
                inFlight = null;
                source.inFlightCount--;
                if (problem == null) {
                    onSuccess();
                } else {
                    onFailure(answer, problem);
                }
                source.sendWaiting();
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
            source.rateLimited.reset();
            counters.increment(Counter.FEED_SNAPSHOTS);
            if (failures >= MAX_FAILURES) {
                LOG.info("{}: order book of {} is in sync, after {} failures", title,
                    PrintableText.excerpt(symbol), failures);
            }
        }

        private void onFailure(final SnapshotFetch.Fetched answer, final String problem) {
            counters.increment(Counter.FEED_SNAPSHOTS_FAILED);
            failures++;
            if (answer.isRateLimited()) {
                source.onRateLimited(answer.retryAfterMs());
            }
            if (failures == MAX_FAILURES) {
                LOG.warn("{}: no order book of {}: {}; next attempts once a minute", title,
                    PrintableText.excerpt(symbol), PrintableText.excerpt(problem));
            }
            final long delayMs = failures < MAX_FAILURES ? MIN_DELAY_MS + backOff.nextMs()
                : backOff.spreadMs(SLOW_RETRY_MS);
            rest = clock.executeAfter(() -> {
                rest = null;
                source.add(this);
            }, delayMs);
        }
    }
}
