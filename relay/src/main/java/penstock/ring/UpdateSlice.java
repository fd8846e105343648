package penstock.ring;

/**
 * One update in the bytes of an upstream frame: the payload, which is forwarded verbatim, inside it the venue's value,
 * or the levels of an order book. The protocol's entries carry the venue's value, or another one that is emitted.
 * Reused. Owned by the feed thread.
 */
public final class UpdateSlice {
    /** The frame's bytes; valid during the call. */
    public byte[] buffer;
    /** The payload: the whole frame, or its one element for this update. */
    public int payloadOffset;
    public int payloadLength;
    /** The venue's value, inside the payload. */
    public int valueOffset;
    public int valueLength;
    /** What is published: the venue's value, or bytes that were written for it. */
    private byte[] emitted;
    private int emittedOffset;
    private int emittedLength;

    /** What the update does to the image of its topic. */
    public UpdateKind kind = UpdateKind.FULL;
    /** The levels of an order book, null for every other class. */
    public LevelBuffer levels;

    /** Sets a full value. */
    public UpdateSlice set(final byte[] source, final int payloadAt, final int payloadBytes, final int valueAt,
            final int valueBytes) {
        buffer = source;
        payloadOffset = payloadAt;
        payloadLength = payloadBytes;
        valueOffset = valueAt;
        valueLength = valueBytes;
        emitted = null;
        kind = UpdateKind.FULL;
        levels = null;
        return this;
    }

    /** Publishes other bytes than the venue's value; they are valid during the call, too. */
    public void emit(final byte[] bytes, final int offset, final int length) {
        emitted = bytes;
        emittedOffset = offset;
        emittedLength = length;
    }

    /** True if other bytes than the venue's value are published. */
    public boolean isEmitted() {
        return emitted != null;
    }

    /** Where the published value lies. */
    public byte[] publishedBuffer() {
        return emitted == null ? buffer : emitted;
    }

    /** Where it begins. */
    public int publishedOffset() {
        return emitted == null ? valueOffset : emittedOffset;
    }

    /** Its bytes. */
    public int publishedLength() {
        return emitted == null ? valueLength : emittedLength;
    }

    /** Bytes that go through the ring: the payload and what is published beside it, or the levels instead. */
    int carriedBytes() {
        return levels != null ? levels.length() : payloadLength + (emitted == null ? 0 : emittedLength);
    }
}
