package penstock.topic.image;

import penstock.ring.Tick;
import penstock.wire.MessageBuffer;

/**
 * The newest value of a topic, one kind per conflation class. The versions in an image are sequences {@code q} of its
 * topic: a subscription's last sent {@code q} tells what changed for it, without state of its own. State that only some
 * views need exists while these views have subscriptions. Owned by the shard's io thread.
 */
public interface Image extends ValueView {
    /** The sequence of the value. */
    long q();

    @Override
    default boolean isChangedSince(final long sentQ) {
        return q() > sentQ;
    }

    /** Applies an update. */
    void store(Tick tick, byte[] payloads);

    /**
     * The newest payload as the upstream sent it, valid up to {@link #payloadBytes()}; null if the channel's payloads
     * are not self-contained.
     */
    default byte[] payload() {
        return null;
    }

    /** Bytes of the payload. */
    default int payloadBytes() {
        return 0;
    }

    /** Bytes of heap that {@link #addView} takes, at most. */
    long viewGrowth(View view);

    /** Adds a subscription with this view. */
    void addView(View view);

    /** Removes a subscription with this view. */
    void removeView(View view);

    /** True if any view of fields or of changed fields has a subscription. */
    default boolean hasViews() {
        return false;
    }

    /** The value in this view; without subscriptions to the view, only the whole value is known. */
    ValueView valueIn(View view);

    /** Adds the fields that changed with the newest update; false, and nothing added, if they are unknown. */
    default boolean appendChanged(final MessageBuffer out) {
        return false;
    }

    /** Adds the names of the fields that the newest update removed; the changes must be known. */
    default void appendRemoved(final MessageBuffer out) {
        // most classes have no fields
    }
}
