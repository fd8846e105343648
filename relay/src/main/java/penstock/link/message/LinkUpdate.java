package penstock.link.message;

import org.agrona.concurrent.UnsafeBuffer;
import penstock.ring.TopicState;

/**
 * One entry of an envelope. Its bytes are those of the message, valid during the call, or where it is stored. Reused.
 * Owned by the feed thread.
 */
public final class LinkUpdate {
    private static final TopicState[] STATES = TopicState.values();
    /** Where the fields of one that is stored are; the value follows them, and then what is beside it. */
    private static final int Q_AT = 0;
    private static final int P_AT = 8;
    private static final int TIME_AT = 16;
    private static final int RECEIVED_AT = 24;
    private static final int VALUE_LENGTH_AT = 32;
    private static final int BESIDE_LENGTH_AT = 36;
    private static final int FLAGS_AT = 40;
    private static final int FIELD_BYTES = 41;
    private static final int IMAGE = 1;
    private static final int CHANGE = 1 << 1;
    private static final int PAYLOAD = 1 << 2;
    private static final int STATE_SHIFT = 3;

    /** Its number of the topic, as the other relay announced it. */
    public long topic;
    /** Sequence of the topic. */
    public long q;
    /** Position of the update. */
    public long p;
    /** The venue's time in microseconds since 1970, or {@link penstock.ring.TickPublisher#NO_TIME}. */
    public long timeUs;
    /** When the first relay received it, in the time of this process's clock. */
    public long receivedNs;
    /** The state of the value. */
    public TopicState state;
    /** It is of a snapshot, and not an update that follows another one. */
    public boolean isImage;
    /** The value changes what was sent before. */
    public boolean isChange;
    /** The venue's payload is beside the value. */
    public boolean hasPayload;
    /** Where value and payload lie. */
    public byte[] bytes;
    /** Where the value begins. */
    public int valueAt;
    /** Bytes of the value. */
    public int valueLength;
    /** Where the bytes beside the value begin. */
    public int besideAt;
    /** How many they are. */
    public int besideLength;

    /** Stores it from {@code at} on, all but its number of the topic. */
    public void store(final UnsafeBuffer target, final int at) {
        final int beside = hasPayload ? besideLength : 0;
        target.putLong(at + Q_AT, q);
        target.putLong(at + P_AT, p);
        target.putLong(at + TIME_AT, timeUs);
        target.putLong(at + RECEIVED_AT, receivedNs);
        target.putInt(at + VALUE_LENGTH_AT, valueLength);
        target.putInt(at + BESIDE_LENGTH_AT, beside);
        target.putByte(at + FLAGS_AT, (byte) (state.ordinal() << STATE_SHIFT | (isImage ? IMAGE : 0)
            | (isChange ? CHANGE : 0) | (hasPayload ? PAYLOAD : 0)));
        target.putBytes(at + FIELD_BYTES, bytes, valueAt, valueLength);
        target.putBytes(at + FIELD_BYTES + valueLength, bytes, besideAt, beside);
    }

    /** Becomes what was stored from {@code at} on; its bytes are those there. */
    public void load(final UnsafeBuffer source, final int at) {
        q = source.getLong(at + Q_AT);
        p = source.getLong(at + P_AT);
        timeUs = source.getLong(at + TIME_AT);
        receivedNs = source.getLong(at + RECEIVED_AT);
        valueLength = source.getInt(at + VALUE_LENGTH_AT);
        besideLength = source.getInt(at + BESIDE_LENGTH_AT);
        final int flags = source.getByte(at + FLAGS_AT);
        state = STATES[flags >> STATE_SHIFT];
        isImage = (flags & IMAGE) != 0;
        isChange = (flags & CHANGE) != 0;
        hasPayload = (flags & PAYLOAD) != 0;
        bytes = source.byteArray();
        valueAt = at + FIELD_BYTES;
        besideAt = valueAt + valueLength;
    }

    /** How many bytes it takes where it is stored. */
    public int storedBytes() {
        return FIELD_BYTES + valueLength + (hasPayload ? besideLength : 0);
    }
}
