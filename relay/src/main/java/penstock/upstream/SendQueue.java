package penstock.upstream;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.function.Supplier;
import penstock.time.FeedClock;
import penstock.time.RateSpec;
import penstock.time.SlidingWindow;

/**
 * All that one connection sends, within the venue's limits: pongs and other replies first, then requests in their
 * order. One limit counts everything, a second one the requests alone. Bounded: a venue that asks faster than we may
 * answer gets the latest pong only. Owned by the feed thread.
 */
public final class SendQueue {
    static final int MAX_REPLIES = 64;
    public static final int MAX_REQUESTS = 10_000;

    private final FeedClock clock;
    private final Upstream upstream;
    private final SlidingWindow all;
    private final SlidingWindow requestsOnly;
    private final Queue<Waiting> replies = new ArrayDeque<>();
    private final Queue<Waiting> requests = new ArrayDeque<>();
    private byte[] pong;
    private FeedClock.Timer timer;
    private boolean isStopped;

    /** {@code message} gives null when there is nothing to say any more. */
    private record Waiting(Supplier<byte[]> message, Runnable onSent) {
    }

    /** {@code all} and {@code requestsOnly}: null = no limit. */
    public SendQueue(final FeedClock clock, final Upstream upstream, final RateSpec all, final RateSpec requestsOnly) {
        this.clock = clock;
        this.upstream = upstream;
        this.all = SlidingWindow.of(all);
        this.requestsOnly = SlidingWindow.of(requestsOnly);
    }

    /** Part of the login; false when too many wait already. {@code onSent}: it has gone out. */
    public boolean request(final byte[] message, final Runnable onSent) {
        return request(() -> message, onSent);
    }

    /** Subscribe, unsubscribe: written when it is its turn; null then means that nothing needs to be sent. */
    public boolean request(final Supplier<byte[]> message, final Runnable onSent) {
        return add(requests, MAX_REQUESTS, new Waiting(message, onSent));
    }

    /** A heartbeat, or the answer to one; false when too many wait already. */
    public boolean reply(final byte[] message, final Runnable onSent) {
        return add(replies, MAX_REPLIES, new Waiting(() -> message, onSent));
    }

    /** The answer to a ping; one that still waits need not be sent any more. */
    public void pong(final byte[] payload, final int offset, final int length) {
        if (!isStopped) {
            pong = Arrays.copyOfRange(payload, offset, offset + length);
            send();
        }
    }

    /** What waits now. */
    int size() {
        return replies.size() + requests.size() + (pong == null ? 0 : 1);
    }

    /** Nothing more goes out. */
    public void stop() {
        isStopped = true;
        pong = null;
        replies.clear();
        requests.clear();
        cancelTimer();
    }

    private boolean add(final Queue<Waiting> queue, final int limit, final Waiting waiting) {
        if (isStopped || queue.size() >= limit) {
            return isStopped;
        }
        queue.add(waiting);
        send();
        return true;
    }

    private void send() {
        cancelTimer();
        while (size() > 0) {
            final boolean isReply = pong != null || !replies.isEmpty();
            final long nowNs = clock.nowNs();
            final long waitNs =
                Math.max(SlidingWindow.waitNs(all, nowNs), isReply ? 0 : SlidingWindow.waitNs(requestsOnly, nowNs));
            if (waitNs > 0) {
                timer = clock.executeAfter(this::send, SlidingWindow.timerMs(waitNs));
                return;
            }
            take(isReply, nowNs);
        }
    }

    private void take(final boolean isReply, final long nowNs) {
        if (pong != null) {
            final byte[] payload = pong;
            pong = null;
            count(all, nowNs);
            upstream.sendPong(payload, 0, payload.length);
            return;
        }
        final Waiting next = isReply ? replies.remove() : requests.remove();
        final byte[] message = next.message().get();
        if (message == null) {
            return;
        }
        count(all, nowNs);
        if (!isReply) {
            count(requestsOnly, nowNs);
        }
        upstream.sendText(message);
        next.onSent().run();
    }

    private static void count(final SlidingWindow window, final long nowNs) {
        if (window != null) {
            window.take(nowNs);
        }
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
