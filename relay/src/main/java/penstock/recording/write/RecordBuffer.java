package penstock.recording.write;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BufferUtil;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Messages on their way from the threads that receive them to the one that writes them: a ring outside the heap. A
 * message that is longer than an eighth of the ring lies on the heap; all such messages together are at most as long as
 * the ring. Nothing waits: what does not fit is refused. Any thread offers, {@code record} polls.
 */
final class RecordBuffer {
    private static final int RECEIVED = 0;
    private static final int KEY = 8;
    private static final int FEED = 16;
    private static final int CONNECTION = 20;
    private static final int LARGE = 24;
    private static final int MISSING = 28;
    private static final int HEADER = 36;
    private static final int CACHE_LINE = 64;

    private final RingBuffer ring;
    private final ConcurrentMap<Integer, byte[]> large = new ConcurrentHashMap<>();
    private final AtomicInteger lastLarge = new AtomicInteger();
    private final AtomicLong largeBytes = new AtomicLong();
    private final int maxLargeBytes;
    private final Arrival taken = new Arrival();
    private byte[] polled = new byte[64 << 10];

    /** Takes what was offered, in order. */
    interface Taker {
        /** All arguments are valid during the call. */
        void take(Arrival arrival, byte[] bytes, int length);
    }

    /** {@code bytes}: a power of two. */
    RecordBuffer(final int bytes) {
        maxLargeBytes = bytes;
        ring = new ManyToOneRingBuffer(new UnsafeBuffer(
            BufferUtil.allocateDirectAligned(bytes + RingBufferDescriptor.TRAILER_LENGTH, CACHE_LINE)));
    }

    /** Copies the bytes; false if there is no room. Any thread. */
    boolean offer(final Arrival arrival, final byte[] bytes, final int offset, final int length) {
        if (HEADER + length > ring.maxMsgLength()) {
            return offerLarge(arrival, bytes, offset, length);
        }
        final int index = ring.tryClaim(arrival.type, HEADER + length);
        if (index < 0) {
            return false;
        }
        put(index, arrival, 0);
        ring.buffer().putBytes(index + HEADER, bytes, offset, length);
        ring.commit(index);
        return true;
    }

    /** Hands over at most {@code limit} messages; returns how many there were. Thread {@code record}. */
    int poll(final Taker taker, final int limit) {
        return ring.read((type, buffer, index, length) -> hand(taker, type, buffer, index, length), limit);
    }

    private boolean offerLarge(final Arrival arrival, final byte[] bytes, final int offset, final int length) {
        if (largeBytes.addAndGet(length) > maxLargeBytes) {
            largeBytes.addAndGet(-length);
            return false;
        }
        final int id = lastLarge.updateAndGet(last -> last == Integer.MAX_VALUE ? 1 : last + 1);
        large.put(id, Arrays.copyOfRange(bytes, offset, offset + length));
        final int index = ring.tryClaim(arrival.type, HEADER);
        if (index < 0) {
            large.remove(id);
            largeBytes.addAndGet(-length);
            return false;
        }
        put(index, arrival, id);
        ring.commit(index);
        return true;
    }

    /** {@code largeId}: 0 if the bytes are in the ring. */
    private void put(final int index, final Arrival arrival, final int largeId) {
        final AtomicBuffer claimed = ring.buffer();
        claimed.putLong(index + RECEIVED, arrival.receivedNs);
        claimed.putLong(index + KEY, arrival.key);
        claimed.putInt(index + FEED, arrival.feed);
        claimed.putInt(index + CONNECTION, arrival.connection);
        claimed.putInt(index + LARGE, largeId);
        claimed.putLong(index + MISSING, arrival.missing);
    }

    private void hand(final Taker taker, final int type, final MutableDirectBuffer buffer, final int index,
            final int length) {
        taken.feed = buffer.getInt(index + FEED);
        taken.missing = buffer.getLong(index + MISSING);
        taken.set(type, buffer.getInt(index + CONNECTION), buffer.getLong(index + RECEIVED),
            buffer.getLong(index + KEY));
        final int largeId = buffer.getInt(index + LARGE);
        if (largeId == 0) {
            final int count = length - HEADER;
            if (count > polled.length) {
                polled = new byte[Math.max(count, 2 * polled.length)];
            }
            buffer.getBytes(index + HEADER, polled, 0, count);
            taker.take(taken, polled, count);
        } else {
            final byte[] bytes = large.remove(largeId);
            largeBytes.addAndGet(-bytes.length);
            taker.take(taken, bytes, bytes.length);
        }
    }
}
