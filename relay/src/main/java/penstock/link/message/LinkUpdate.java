package penstock.link.message;

import penstock.ring.TopicState;

/**
 * One entry of an envelope. Its bytes are those of the message, valid during the call, or a copy. Reused.
 * Owned by the feed thread.
 */
public final class LinkUpdate {
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

    /** Becomes the same as another one, whose bytes will be in {@code target} from {@code at} on: they are copied. */
    public void copyInto(final LinkUpdate other, final byte[] target, final int at) {
        topic = other.topic;
        q = other.q;
        p = other.p;
        timeUs = other.timeUs;
        receivedNs = other.receivedNs;
        state = other.state;
        isImage = other.isImage;
        isChange = other.isChange;
        hasPayload = other.hasPayload;
        valueAt = at;
        valueLength = other.valueLength;
        System.arraycopy(other.bytes, other.valueAt, target, at, valueLength);
        besideAt = at + valueLength;
        besideLength = other.hasPayload ? other.besideLength : 0;
        System.arraycopy(other.bytes, other.besideAt, target, besideAt, besideLength);
    }

    /** How many bytes a copy takes. */
    public int copiedBytes() {
        return valueLength + (hasPayload ? besideLength : 0);
    }

    /** Moves the bytes of a copy to another place. */
    public void moveTo(final byte[] source, final byte[] target, final int at) {
        System.arraycopy(source, valueAt, target, at, valueLength + besideLength);
        valueAt = at;
        besideAt = at + valueLength;
    }
}
