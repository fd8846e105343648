package penstock.link.bus;

import io.nats.client.Message;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import penstock.nats.NatsConnection;
import penstock.time.FeedClock;

/**
 * What came over the bus, on its way to the feed thread. It is bounded: what has no room is dropped, which the link
 * sees by a number that is missing. The connection adds, the feed thread takes.
 */
final class BusInbox implements NatsConnection.User {
    /** What may wait. */
    static final long MAX_BYTES = 32 << 20;

    private final BusSubjects subjects;
    private final FeedClock clock;
    private final Queue<BusMessage> messages = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong connects = new AtomicLong();
    private final AtomicBoolean isWoken = new AtomicBoolean();
    private volatile Runnable taker = () -> { };

    BusInbox(final BusSubjects subjects, final FeedClock clock) {
        this.subjects = subjects;
        this.clock = clock;
    }

    /** Runs on the feed thread whenever something has come. Before the connection is opened. */
    void wake(final Runnable task) {
        taker = task;
    }

    @Override
    public void onMessage(final Message message) {
        final BusMessage read = BusMessage.of(subjects, message, clock.nowNs());
        if (read != null) {
            add(read);
        }
    }

    /** Adds a message if there is room. */
    void add(final BusMessage message) {
        if (bytes.get() + message.bytes() > MAX_BYTES) {
            dropped.incrementAndGet();
            return;
        }
        bytes.addAndGet(message.bytes());
        messages.add(message);
        wake();
    }

    @Override
    public void onConnected() {
        connects.incrementAndGet();
        wake();
    }

    @Override
    public void onPublished(final int size) {
        // requests are not counted
    }

    private void wake() {
        if (isWoken.compareAndSet(false, true)) {
            try {
                clock.execute(taker);
            } catch (final RejectedExecutionException e) {
                // the feed thread has ended
                messages.clear();
            }
        }
    }

    /** The feed thread looks: what comes from now on wakes it again. */
    void onLook() {
        isWoken.set(false);
    }

    /** There is more than the feed thread took: it is woken again. */
    void onRest() {
        wake();
    }

    /** The next message; null if there is none. */
    BusMessage take() {
        final BusMessage next = messages.poll();
        if (next != null) {
            bytes.addAndGet(-next.bytes());
        }
        return next;
    }

    /** Drops what waits. */
    void clear() {
        while (take() != null) {
            continue;
        }
    }

    /** Bytes that wait. */
    long bytes() {
        return bytes.get();
    }

    /** How many were dropped since the last call. */
    long takeDropped() {
        return dropped.getAndSet(0);
    }

    /** How many connections were opened since the last call. */
    long takeConnects() {
        return connects.getAndSet(0);
    }
}
