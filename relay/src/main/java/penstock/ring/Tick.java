package penstock.ring;

/**
 * The slot of the ring: one event of the feed. Its payload lies in a byte array that all slots share. The feed thread
 * writes a slot before it publishes it, the shards read it afterwards.
 */
public final class Tick {
    /** Those of a topic come first. */
    enum Type { TOPIC, UPDATE, TOPIC_STATUS, TOPIC_CONFIRMED, TOPIC_FORGOTTEN, NAME_REFUSED, FEED, FEED_STATUS, EPOCH,
        COMPLETE }

    Type type;
    /** Up to here the payload bytes are free once this slot is consumed; only grows. */
    long payloadEnd;
    /** The newest slot up to this one that is neither an update nor says that all are there. Only grows. */
    long controlSequence;

    /** The feed that it is of, from 0. */
    int feed;
    int topic;
    int channel;
    long q;
    long p;
    long timeUs;
    long receivedNs;
    long publishedNs;
    int offset;
    int length;
    int valueOffset;
    int valueLength;
    UpdateKind kind;
    long missed;

    /** Null unless it is a feed that comes. */
    FeedIntroduction introduction;
    /** Null unless the numbers of another relay begin. */
    RelayedEpoch relayed;
    TopicState topicState;
    FeedState feedState;
    String reason;
    long sinceUs;
    long retryInMs;

    /** The slot keeps nothing large that it carried before. */
    void clearRare() {
        if (introduction != null) {
            introduction = null;
        }
        if (relayed != null) {
            relayed = null;
        }
    }

    /** Dense number of the topic, from 0; used again for another topic once this one is forgotten. */
    public int topic() {
        return topic;
    }

    /** Sequence of the topic: +1 per upstream update, updates conflated in front of the ring included. */
    public long q() {
        return q;
    }

    /** Position of the update among all updates of all feeds. */
    public long p() {
        return p;
    }

    /** The venue's time in microseconds since 1970, or {@link TickPublisher#NO_TIME}. */
    public long timeUs() {
        return timeUs;
    }

    /** {@link System#nanoTime()} when the relay had read the frame. */
    public long receivedNs() {
        return receivedNs;
    }

    /** {@link System#nanoTime()} when the update went into the ring; 0 = it is not one of those that are measured. */
    public long publishedNs() {
        return publishedNs;
    }

    /** Index of the payload's first byte. */
    public int offset() {
        return offset;
    }

    /** Bytes of the payload. An order book's {@link LevelBuffer} is both its payload and its value. */
    public int length() {
        return length;
    }

    /** Where the value begins, counted from the payload's first byte: inside the payload, or right behind it. */
    public int valueOffset() {
        return valueOffset;
    }

    /** Bytes of the value. */
    public int valueLength() {
        return valueLength;
    }

    /** What the update does to the image of its topic. */
    public UpdateKind kind() {
        return kind;
    }

    /** Updates missing right before this one: dropped in front of a full ring, or never received. */
    public long missed() {
        return missed;
    }
}
