package penstock.nats;

import io.nats.client.Message;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What waits for a connection to NATS, bounded for all that is published over it. Io threads add and never wait: the
 * library of NATS may block for seconds while it reconnects, so a thread of the bus hands messages to it. Any
 * thread adds, one takes.
 */
final class NatsQueue {
    /** What may wait. */
    static final int MAX_BYTES = 4 << 20;
    private static final int MAX_MESSAGES = 16_384;
    /** Subject and headers of a message. */
    private static final int OVERHEAD_BYTES = 256;

    private final ConcurrentLinkedQueue<Message> messages = new ConcurrentLinkedQueue<>();
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean isParked;
    private volatile Thread taker;

    /** Whether a message more is welcome; answers to readers get half of the room. */
    boolean hasRoom(final boolean isAnswer) {
        return bytes.get() < (isAnswer ? MAX_BYTES / 2 : MAX_BYTES) && count.get() < MAX_MESSAGES;
    }

    /** Bytes that wait. */
    long bytes() {
        return bytes.get();
    }

    /** Adds a message in any case; {@code answers}: the subject where they are expected, null = nowhere. */
    void add(final String subject, final String answers, final Headers headers, final byte[] payload) {
        count.incrementAndGet();
        bytes.addAndGet(payload.length + OVERHEAD_BYTES);
        messages.add(NatsMessage.builder().subject(subject).replyTo(answers).headers(headers).data(payload).build());
        if (isParked) {
            LockSupport.unpark(taker);
        }
    }

    /** The next message; null if there is none. */
    Message take() {
        final Message next = messages.poll();
        if (next != null) {
            count.decrementAndGet();
            bytes.addAndGet(-next.getData().length - OVERHEAD_BYTES);
        }
        return next;
    }

    /** Waits for a message, or until that time is over. By the thread that takes. */
    void await(final long ns) {
        taker = Thread.currentThread();
        isParked = true;
        if (messages.isEmpty()) {
            LockSupport.parkNanos(this, ns);
        }
        isParked = false;
    }
}
