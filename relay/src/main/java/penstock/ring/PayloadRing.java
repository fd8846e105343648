package penstock.ring;

import com.lmax.disruptor.RingBuffer;

/**
 * Room for payloads: a circle of bytes, given out in order and free again in order, as the slots that refer to it are
 * consumed. A payload is never split; what is left at the end of the circle is skipped. Owned by the feed thread.
 */
final class PayloadRing {
    private final RingBuffer<Tick> slots;
    private final byte[] bytes;
    private long head;
    private long tail;

    PayloadRing(final RingBuffer<Tick> slots, final byte[] bytes) {
        this.slots = slots;
        this.bytes = bytes;
    }

    /** The largest payload that always fits once the ring is empty, wherever the head is. */
    int largest() {
        return bytes.length / 2;
    }

    /**
     * True when {@code length} bytes fit now. Ask only while the ring has a free slot: the oldest unread one must still
     * be intact.
     */
    boolean hasRoom(final int length) {
        final long end = start(length) + length;
        if (end - tail <= bytes.length) {
            return true;
        }
        final long consumed = slots.getMinimumGatingSequence();
        if (consumed >= 0) {
            tail = slots.get(consumed).payloadEnd;
        }
        return end - tail <= bytes.length;
    }

    /** Copies in, after {@link #hasRoom}; returns the index of the first byte. */
    int put(final byte[] source, final int offset, final int length) {
        final long start = start(length);
        head = start + length;
        final int index = (int) (start % bytes.length);
        System.arraycopy(source, offset, bytes, index, length);
        return index;
    }

    long head() {
        return head;
    }

    private long start(final int length) {
        final long untilWrap = bytes.length - head % bytes.length;
        return length <= untilWrap ? head : head + untilWrap;
    }
}
