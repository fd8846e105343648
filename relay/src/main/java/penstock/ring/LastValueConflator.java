package penstock.ring;

/** Keeps the newest update and forgets the one before. Owned by the feed thread. */
final class LastValueConflator implements Conflator {
    private static final byte[] NONE = {};
    private static final int KEPT_BYTES = 1024;

    private final boolean keepsAll;
    private byte[] payload = NONE;
    private int length;
    private int valueOffset;
    private int valueLength;
    private UpdateKind update = UpdateKind.FULL;

    LastValueConflator(final boolean keepsAll) {
        this.keepsAll = keepsAll;
    }

    @Override
    public void add(final UpdateSlice slices) {
        length = slices.payloadLength;
        valueOffset = slices.valueOffset - slices.payloadOffset;
        valueLength = slices.valueLength;
        update = slices.update;
        if (payload.length < length) {
            payload = new byte[length + (length >> 1)];
        }
        System.arraycopy(slices.buffer, slices.payloadOffset, payload, 0, length);
    }

    @Override
    public void writeTo(final UpdateSlice target) {
        target.set(payload, 0, length, valueOffset, valueLength);
        target.update = update;
    }

    @Override
    public boolean fits(final int bytes) {
        return length <= bytes;
    }

    /** Keeps the room of a quote for the next time, gives back that of a book. */
    @Override
    public void clear() {
        length = 0;
        valueOffset = 0;
        valueLength = 0;
        if (payload.length > KEPT_BYTES) {
            payload = NONE;
        }
    }

    @Override
    public boolean keepsAll() {
        return keepsAll;
    }
}
