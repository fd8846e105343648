package penstock.ring;

/** Keeps the newest update only. Owned by the feed thread. */
final class LastValueConflator implements Conflator {
    private static final byte[] EMPTY = {};
    /** A quote's buffer is kept for the next time, that of a book is given back. */
    private static final int KEPT_BYTES = 1024;

    private final boolean dropsReplaced;
    private byte[] payload = EMPTY;
    /** Of the payload; what is published instead of its value follows it. */
    private int length;
    private int emittedLength;
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
        emittedLength = update.isEmitted() ? update.publishedLength() : 0;
        kind = update.kind;
        final int needed = length + emittedLength;
        if (payload.length < needed) {
            payload = new byte[needed + (needed >> 1)];
        }
        System.arraycopy(update.buffer, update.payloadOffset, payload, 0, length);
        System.arraycopy(update.publishedBuffer(), update.publishedOffset(), payload, length, emittedLength);
    }

    @Override
    public void writeTo(final UpdateSlice target) {
        target.set(payload, 0, length, valueOffset, valueLength);
        if (emittedLength > 0) {
            target.emit(payload, length, emittedLength);
        }
        target.kind = kind;
    }

    @Override
    public boolean fits(final int bytes) {
        return length + emittedLength <= bytes;
    }

    @Override
    public void clear() {
        length = 0;
        emittedLength = 0;
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
