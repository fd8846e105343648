package penstock.upstream;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.function.Supplier;
import penstock.thread.ThreadOwner;
import penstock.time.FeedClock;
import penstock.time.RateSpec;
import penstock.time.SingleTimer;
import penstock.time.SlidingWindow;

/**
 * Sends everything that one connection sends, within the venue's rate limits: pongs and other replies first, then
 * requests in order. One limit counts all messages, a second one the requests alone. The queue is bounded: if a venue
 * pings faster than the limit allows, only the latest ping is answered. Owned by the feed thread.
 */
public final class SendQueue {
    static final int MAX_REPLIES = 64;
    public static final int MAX_REQUESTS = 10_000;

    private final ThreadOwner owner = new ThreadOwner();
    private final FeedClock clock;
    private final Upstream upstream;
    private final SlidingWindow all;
    private final SlidingWindow requestsOnly;
    private final Queue<Message> replies = new ArrayDeque<>();
    private final Queue<Message> requests = new ArrayDeque<>();
    private byte[] pong;
    private boolean isPingDue;
    private final SingleTimer timer;
    private boolean isStopped;

    /** {@code message} returns null if there is nothing left to send. */
    private record Message(Supplier<byte[]> message, Runnable onSent) {
    }

    /** {@code all} and {@code requestsOnly}: null = no limit. */
    public SendQueue(final FeedClock clock, final Upstream upstream, final RateSpec all, final RateSpec requestsOnly) {
        this.clock = clock;
        this.upstream = upstream;
        this.all = SlidingWindow.of(all);
        this.requestsOnly = SlidingWindow.of(requestsOnly);
        timer = new SingleTimer(clock);
    }

    /** Queues a login message; false if the queue is full. {@code onSent} runs once it is sent. */
    public boolean request(final byte[] message, final Runnable onSent) {
        return request(() -> message, onSent);
    }

    /**
     * Queues a subscribe or unsubscribe message. The supplier runs when the message can be sent; null means that
     * nothing needs to be sent.
     */
    public boolean request(final Supplier<byte[]> message, final Runnable onSent) {
        return add(requests, MAX_REQUESTS, new Message(message, onSent));
    }

    /** Queues a heartbeat, or the answer to one; false if the queue is full. */
    public boolean reply(final byte[] message, final Runnable onSent) {
        return add(replies, MAX_REPLIES, new Message(() -> message, onSent));
    }

    /** Queues the answer to a ping; it replaces a pong that is still pending. */
    public void pong(final byte[] payload, final int offset, final int length) {
        assert owner.check();
        if (!isStopped) {
            pong = Arrays.copyOfRange(payload, offset, offset + length);
            send();
        }
    }

    /** Queues a ping, unless one is still pending. */
    public void ping() {
        assert owner.check();
        if (!isStopped) {
            isPingDue = true;
            send();
        }
    }

    /** Number of pending messages. */
    int size() {
        return replies.size() + requests.size() + (pong == null ? 0 : 1) + (isPingDue ? 1 : 0);
    }

    /** Drops all pending messages and sends nothing more. */
    public void stop() {
        assert owner.check();
        isStopped = true;
        pong = null;
        isPingDue = false;
        replies.clear();
        requests.clear();
        timer.cancel();
    }

    private boolean add(final Queue<Message> queue, final int limit, final Message waiting) {
        assert owner.check();
        if (isStopped || queue.size() >= limit) {
            return isStopped;
        }
        queue.add(waiting);
        send();
        return true;
    }

    private void send() {
        assert owner.check();
        timer.cancel();
        while (size() > 0) {
            final boolean isReply = pong != null || isPingDue || !replies.isEmpty();
            final long nowNs = clock.nowNs();
            final long waitNs =
                Math.max(SlidingWindow.waitNs(all, nowNs), isReply ? 0 : SlidingWindow.waitNs(requestsOnly, nowNs));
            if (waitNs > 0) {
                timer.set(this::send, SlidingWindow.timerMs(waitNs));
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
        if (isPingDue) {
            isPingDue = false;
            count(all, nowNs);
            upstream.sendPing();
            return;
        }
        final Message next = isReply ? replies.remove() : requests.remove();
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
}
