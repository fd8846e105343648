package penstock.topic;

import penstock.ring.Tick;
import penstock.wire.MessageBuffer;

/**
 * What a topic remembers of its updates: one kind per conflation class. Versions inside an image are sequences {@code q} of its topic:
 * what a subscription was last sent is known by its {@code q}, so that what changed since needs no state of its own.
 * Owned by the shard.
 */
interface Image {
    /** Takes in an update. */
    void store(Tick tick, byte[] lane);

    /** Adds the whole value. */
    void appendValue(MessageBuffer out);

    /** Adds what an update says to somebody who has the value of sequence {@code sinceQ}, which is no older than {@link #knownQ()}. */
    void appendUpdate(MessageBuffer out, long sinceQ);

    /** Who has an older value than that of this sequence must be sent the whole one. */
    long knownQ();

    /** The payload of the newest update as the upstream sent it, null when it is of no use alone; valid up to {@link #payloadBytes()}. */
    byte[] payload();

    /** Bytes of the payload. */
    int payloadBytes();
}
