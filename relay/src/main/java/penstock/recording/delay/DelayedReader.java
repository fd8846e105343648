package penstock.recording.delay;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import penstock.recording.RecordedSpan;
import penstock.recording.RecordingClock;
import penstock.recording.RecordingException;
import penstock.time.FeedClock;

/**
 * Reads a recording that is being written, and hands over what was received at least {@code lagNs} ago: never more than
 * one batch, and the next one when that is used. It begins with the file that has the moment {@code lagNs} ago, so that
 * values are known that have not changed since.
 *
 * <p>Owned by the thread {@code delayed}; what it hands over runs on the feed thread.
 */
final class DelayedReader {
    /** The writer lets readers see more once a second. */
    private static final long LOOK_NS = 100_000_000;
    /** So often the feed hears that the recording goes on, even if nothing is due. */
    private static final long TICK_NS = 250_000_000;

    private final RecordedSpan span;
    private final RecordingClock clock;
    private final long lagNs;
    private final FeedClock feed;
    private final Consumer<Due> taker;
    private final DelayedBatch batch = new DelayedBatch();
    private final Semaphore used = new Semaphore(0);
    private final Thread thread;
    private boolean hasEntry;

    /**
     * What is due now.
     *
     * @param batch  used when it is empty; until then {@code onUsed} is not called
     * @param nextNs when the next entry is due, ns from now; -1 = nothing more is recorded yet
     * @param problem why a file of the recording cannot be read any further; null if it can
     * @param onUsed to be called once
     */
    record Due(DelayedBatch batch, long nextNs, String problem, Runnable onUsed) {
    }

    DelayedReader(final RecordedSpan span, final RecordingClock clock, final long lagNs, final FeedClock feed,
            final Consumer<Due> taker) {
        this.span = span;
        this.clock = clock;
        this.lagNs = lagNs;
        this.feed = feed;
        this.taker = taker;
        thread = new Thread(this::run, "delayed");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    /**
     * Adds what is due; returns ns until the next entry is, or -1 if nothing more is recorded yet. 0 = the batch is
     * full.
     */
    long fill(final DelayedBatch into) {
        while (into.hasRoom()) {
            if (!hasEntry) {
                hasEntry = span.nextEntry();
                if (!hasEntry) {
                    return -1;
                }
            }
            final long leftNs = lagNs - span.ageNs(clock);
            if (leftNs > 0) {
                return leftNs;
            }
            into.add(span);
            hasEntry = false;
        }
        return 0;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                final long beganNs = System.nanoTime();
                String problem = null;
                batch.clear();
                long nextNs = -1;
                try {
                    nextNs = fill(batch);
                } catch (final RecordingException e) {
                    // one damaged file is no reason to end: the next one follows
                    problem = e.getMessage();
                    hasEntry = false;
                    span.skipFile();
                }
                final Due due = new Due(batch, nextNs, problem, used::release);
                feed.execute(() -> taker.accept(due));
                used.acquire();
                await(beganNs, nextNs);
            }
        } catch (final InterruptedException | RejectedExecutionException e) {
            // the relay stops
            Thread.currentThread().interrupt();
        } finally {
            span.close();
        }
    }

    /** While it catches up it leaves half of the time of the feed thread to other feeds. */
    private static void await(final long beganNs, final long nextNs) throws InterruptedException {
        final long waitNs = nextNs == 0 ? System.nanoTime() - beganNs
            : nextNs < 0 ? LOOK_NS : Math.min(nextNs, TICK_NS);
        // one more, because a timer may fire a little early
        TimeUnit.NANOSECONDS.sleep(waitNs + 1);
    }
}
