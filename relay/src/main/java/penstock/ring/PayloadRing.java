package penstock.ring;

import com.lmax.disruptor.RingBuffer;

/**
 * Room for payloads: a circle of bytes, allocated in order and freed in the same order when the shards have consumed
 * the slots that refer to them. A payload is never split: it begins again at index 0 if it does not fit before the end.
 * Owned by the feed thread.
 */
final class PayloadRing {
    private final RingBuffer<Tick> slots;
    private final byte[] bytes;
    private long head;
    /** The index of the head in the array, so that no update needs a division. */
    private int headIndex;
    private long tail;

    PayloadRing(final RingBuffer<Tick> slots, final byte[] bytes) {
        this.slots = slots;
        this.bytes = bytes;
    }

    /** Bytes of the circle. */
    int length() {
        return bytes.length;
    }

    /** The largest payload that always fits into an empty ring, at any head. */
    int maxPayloadBytes() {
        return bytes.length / 2;
    }

    /**
     * True if {@code length} bytes fit now. Call it only while the ring has a free slot: the oldest unread slot must
     * still be intact.
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

    /** Copies a payload, after {@link #hasRoom}; returns the index of its first byte. */
    int put(final byte[] source, final int offset, final int length) {
        final int index = claim(length);
        System.arraycopy(source, offset, bytes, index, length);
        return index;
    }

    /** Copies a payload, and behind it what is published instead of its value. */
    int put(final UpdateSlice update) {
        final int index = claim(update.carriedBytes());
        System.arraycopy(update.buffer, update.payloadOffset, bytes, index, update.payloadLength);
        if (update.isEmitted()) {
            System.arraycopy(update.publishedBuffer(), update.publishedOffset(), bytes, index + update.payloadLength,
                update.publishedLength());
        }
        return index;
    }

    long head() {
        return head;
    }

    /** Moves the head behind a payload, and returns the index of its first byte. */
    private int claim(final int length) {
        head = start(length) + length;
        final int index = length <= bytes.length - headIndex ? headIndex : 0;
        headIndex = index + length == bytes.length ? 0 : index + length;
        return index;
    }

    private long start(final int length) {
        final int untilWrap = bytes.length - headIndex;
        return length <= untilWrap ? head : head + untilWrap;
    }
}
