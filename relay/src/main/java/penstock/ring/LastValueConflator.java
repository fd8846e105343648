package penstock.ring;

/** Keeps the newest update only. Owned by the feed thread. */
final class LastValueConflator implements Conflator {
    private static final byte[] EMPTY = {};
    /** A quote's buffer is kept for the next time, that of a book is given back. */
    private static final int KEPT_BYTES = 1024;

    private final boolean dropsReplaced;
    private byte[] payload = EMPTY;
    private int length;
    private int valueOffset;
    private int valueLength;
    private UpdateKind kind = UpdateKind.FULL;

    LastValueConflator(final boolean dropsReplaced) {
        this.dropsReplaced = dropsReplaced;
    }

    @Override
    public void add(final UpdateSlice update) {
        length = update.payloadLength;
        valueOffset = update.valueOffset - update.payloadOffset;
        valueLength = update.valueLength;
        kind = update.kind;
        if (payload.length < length) {
            payload = new byte[length + (length >> 1)];
        }
        System.arraycopy(update.buffer, update.payloadOffset, payload, 0, length);
    }

    @Override
    public void writeTo(final UpdateSlice target) {
        target.set(payload, 0, length, valueOffset, valueLength);
        target.kind = kind;
    }

    @Override
    public boolean fits(final int bytes) {
        return length <= bytes;
    }

    @Override
    public void clear() {
        length = 0;
        valueOffset = 0;
        valueLength = 0;
        if (payload.length > KEPT_BYTES) {
            payload = EMPTY;
        }
    }

    @Override
    public boolean dropsReplaced() {
        return dropsReplaced;
    }
}
