package penstock.ring;

/**
 * The slot of the ring: one event of the feed. Its bytes lie in the ring's payloads, shared by all slots.
 * Written by the feed thread before it is published, read by the shards after.
 */
public final class Tick {
    enum Kind { TOPIC, VALUE, TOPIC_STATE, STATE }

    Kind kind;
    /** Where the payloads is free again once this slot is consumed; absolute, grows for ever. */
    long payloadEnd;
    /** The newest slot up to this one that is no update of a known topic; absolute. */
    long news;

    int topic;
    int channel;
    long q;
    long p;
    long timeUs;
    long receivedNs;
    int offset;
    int length;
    int valueOffset;
    int valueLength;
    UpdateKind update;
    long missed;

    TopicState topicState;
    FeedState state;
    String reason;
    long sinceUs;
    long retryInMs;

    /** Dense number of the topic, from 0. */
    public int topic() {
        return topic;
    }

    /** Sequence of the topic: +1 per upstream update, those folded in front of the ring included. */
    public long q() {
        return q;
    }

    /** Position of the update among all of the feed. */
    public long p() {
        return p;
    }

    /** The feed's own time in microseconds since 1970, or {@link TickPublisher#NO_TIME}. */
    public long timeUs() {
        return timeUs;
    }

    /** {@link System#nanoTime()} when the frame had been read. */
    public long receivedNs() {
        return receivedNs;
    }

    /** Where the payload begins in the payloads. */
    public int offset() {
        return offset;
    }

    /** Bytes of the payload; of an order book there are its {@link LevelBuffer} instead, as payload and as value. */
    public int length() {
        return length;
    }

    /** Where the value begins, counted from the payload's first byte. */
    public int valueOffset() {
        return valueOffset;
    }

    /** Bytes of the value. */
    public int valueLength() {
        return valueLength;
    }

    /** What it is to the image of its topic. */
    public UpdateKind update() {
        return update;
    }

    /** Updates right before this one that are not in it: dropped in front of a full ring, or they never came. */
    public long missed() {
        return missed;
    }
}
