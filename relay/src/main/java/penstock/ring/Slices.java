package penstock.ring;

/**
 * One update as it lies in the bytes of an upstream frame: the payload that goes out verbatim, and inside it the value
 * that goes into the protocol's entries. Reused. Owned by the feed thread.
 */
public final class Slices {
    /** The frame's bytes; valid during the call. */
    public byte[] buffer;
    /** The payload: the whole frame, or the one element of it that is this update. */
    public int payloadOffset;
    public int payloadLength;
    /** The value: lies inside the payload. */
    public int valueOffset;
    public int valueLength;

    /** Sets all at once. */
    public Slices set(final byte[] source, final int payloadAt, final int payloadBytes, final int valueAt, final int valueBytes) {
        buffer = source;
        payloadOffset = payloadAt;
        payloadLength = payloadBytes;
        valueOffset = valueAt;
        valueLength = valueBytes;
        return this;
    }
}
