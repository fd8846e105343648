package penstock.ring;

/**
 * One update as it lies in the bytes of an upstream frame: the payload that goes out verbatim, and inside it the value
 * that goes into the protocol's entries; of an order book, the levels. Reused. Owned by the feed thread.
 */
public final class UpdateSlice {
    /** The frame's bytes; valid during the call. */
    public byte[] buffer;
    /** The payload: the whole frame, or the one element of it that is this update. */
    public int payloadOffset;
    public int payloadLength;
    /** The value: lies inside the payload. */
    public int valueOffset;
    public int valueLength;

    /** What it is to the image of its topic. */
    public UpdateKind update = UpdateKind.FULL;
    /** The levels of an order book, null for every other class. */
    public LevelBuffer levels;

    /** Sets a value that is all there is. */
    public UpdateSlice set(final byte[] source, final int payloadAt, final int payloadBytes, final int valueAt,
            final int valueBytes) {
        buffer = source;
        payloadOffset = payloadAt;
        payloadLength = payloadBytes;
        valueOffset = valueAt;
        valueLength = valueBytes;
        update = UpdateKind.FULL;
        levels = null;
        return this;
    }

    /** Bytes that go through the ring: the payload, or the levels instead of it. */
    int carriedBytes() {
        return levels == null ? payloadLength : levels.length();
    }
}
