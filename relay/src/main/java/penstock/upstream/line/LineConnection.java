package penstock.upstream.line;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import penstock.json.Utf8;
import penstock.thread.ThreadOwner;
import penstock.time.FeedClock;
import penstock.upstream.LossReason;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;

/**
 * Lines as the messages of a connection. The source's thread hands over its buffer and waits until the feed thread has
 * used it: so at most one buffer is on the way, and a feed that is too fast waits where it comes from. Owned by the
 * feed thread; the source calls the methods of the sink.
 */
final class LineConnection implements Upstream, LineSource.Sink {
    private final ThreadOwner owner = new ThreadOwner();
    private final FeedClock clock;
    private final LineSource source;
    private final UpstreamListener listener;
    private final LineSplitter splitter;
    /** A permit for each buffer that is used, and one at the end. */
    private final Semaphore used = new Semaphore(0);
    private volatile boolean isEnded;
    private FeedClock.Timer timer;
    private boolean wasOpen;
    private long receivedNs;

    LineConnection(final FeedClock clock, final LineSource source, final int maxBytes,
            final UpstreamListener listener) {
        this.clock = clock;
        this.source = source;
        this.listener = listener;
        splitter = new LineSplitter(maxBytes, this::onLine);
    }

    /** {@code what}: the source, for messages. */
    void start(final String what, final long connectTimeoutMs) {
        assert owner.check();
        timer = clock.executeAfter(() -> end(UpstreamLoss.of(LossReason.UNREACHABLE,
            "no connection to " + what + " within " + connectTimeoutMs + " ms", false)), connectTimeoutMs);
        source.start(this);
    }

    @Override
    public void onOpen() {
        runOnFeedThread(() -> {
            wasOpen = true;
            timer.cancel();
            listener.onAlive(clock.nowNs());
            listener.onOpen();
        });
    }

    @Override
    public boolean takes(final byte[] bytes, final int count) throws InterruptedException {
        final boolean[] isUsed = new boolean[1];
        runOnFeedThread(() -> {
            isUsed[0] = true;
            onBytes(bytes, count);
            used.release();
        });
        if (!isEnded) {
            used.acquire();
        }
        return isUsed[0];
    }

    @Override
    public void onUnreachable(final String why) {
        runOnFeedThread(() -> end(UpstreamLoss.of(LossReason.UNREACHABLE, why, false)));
    }

    @Override
    public void onEnd(final String why, final long retryAfterMs) {
        runOnFeedThread(() -> {
            if (wasOpen) {
                splitter.end();
            }
            if (wasOpen && !isEnded) {
                listener.onBatchEnd();
            }
            end(new UpstreamLoss(LossReason.DISCONNECTED, why, wasOpen, 0, retryAfterMs));
        });
    }

    @Override
    public void sendText(final byte[] utf8) {
        // the feed's plan refuses a venue that sends requests; answers to heartbeats have no way
        assert owner.check();
    }

    @Override
    public void sendPong(final byte[] payload, final int offset, final int length) {
        assert owner.check();
    }

    @Override
    public void close(final int code, final String reason) {
        assert owner.check();
        end(UpstreamLoss.of(LossReason.STOPPED, reason, wasOpen));
    }

    @Override
    public void abort() {
        assert owner.check();
        if (!isEnded) {
            isEnded = true;
            timer.cancel();
            source.stop();
            used.release();
        }
    }

    private void onBytes(final byte[] bytes, final int count) {
        receivedNs = clock.nowNs();
        listener.onAlive(receivedNs);
        splitter.add(bytes, count);
        if (!isEnded) {
            listener.onBatchEnd();
        }
    }

    /** What is no text is no message, which the rules of the venue say. */
    private boolean onLine(final byte[] bytes, final int offset, final int length) {
        if (Utf8.errorAt(bytes, offset, length) < 0) {
            listener.onText(bytes, offset, length, receivedNs);
        } else {
            listener.onBinary(bytes, offset, length, receivedNs);
        }
        return !isEnded;
    }

    private void end(final UpstreamLoss loss) {
        if (!isEnded) {
            abort();
            listener.onClosed(loss);
        }
    }

    private void runOnFeedThread(final Runnable task) {
        try {
            clock.execute(() -> {
                assert owner.check();
                if (!isEnded) {
                    task.run();
                }
            });
        } catch (final RejectedExecutionException e) {
            // the feed thread has ended: nothing is taken any more
            isEnded = true;
            source.stop();
            used.release();
        }
    }
}
