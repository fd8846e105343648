package penstock.topic.image;

import penstock.ring.Tick;
import penstock.wire.MessageBuffer;

/**
 * What a topic remembers of its updates: one kind per conflation class. Versions inside an image are sequences
 * {@code q} of its topic: what a subscription was last sent is known by its {@code q}, so that what changed since needs
 * no state of its own. What only some views need is kept while they are held. Owned by the shard.
 */
public interface Image extends ValueView {
    /** Takes in an update. */
    void store(Tick tick, byte[] payloads);

    /**
     * The payload of the newest update as the upstream sent it, null when it is of no use alone; valid up to
     * {@link #payloadBytes()}.
     */
    byte[] payload();

    /** Bytes of the payload. */
    int payloadBytes();

    /** One more holds this view. */
    void addView(View view);

    /** One less holds this view. */
    void removeView(View view);

    /** Whether a view of fields or of what changed in them is held. */
    boolean hasViews();

    /** What this view is shown; of one that nobody holds only the whole value is known. */
    ValueView shown(View view);

    /** Adds the fields that changed with the newest update; false, and nothing added, when that is not known. */
    boolean appendChanged(MessageBuffer out);
}
