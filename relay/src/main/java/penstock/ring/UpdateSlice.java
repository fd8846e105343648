package penstock.ring;

/**
 * One update in the bytes of an upstream frame: the payload, which is forwarded verbatim, inside it the value for the
 * protocol's entries, or the levels of an order book. Reused. Owned by the feed thread.
 */
public final class UpdateSlice {
    /** The frame's bytes; valid during the call. */
    public byte[] buffer;
    /** The payload: the whole frame, or its one element for this update. */
    public int payloadOffset;
    public int payloadLength;
    /** The value, inside the payload. */
    public int valueOffset;
    public int valueLength;

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
        kind = UpdateKind.FULL;
        levels = null;
        return this;
    }

    /** Bytes that go through the ring: the payload, or the levels instead. */
    int carriedBytes() {
        return levels == null ? payloadLength : levels.length();
    }
}
