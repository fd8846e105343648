package penstock.client;

import penstock.client.value.MessageEntry;

/** Reads the events of a subscription in order, none twice, on the client's executor. */
@FunctionalInterface
public interface EventListener {
    /** The number of missing events is not known. */
    long UNKNOWN = -1;

    /** An event: the topic right after it. Valid during the call. */
    void onEvent(TopicView event);

    /**
     * Each entry that came, of any channel and mode, images too: for a program that passes on, records or prints all
     * that it is sent. {@code topic} is what the client has of the topic right after it. In mode all an entry that a
     * resume repeats comes again. Valid during the call.
     */
    default void onEntry(final MessageEntry entry, final TopicView topic) {
    }

    /** Events are missing here; {@link #UNKNOWN} if the subscription had to begin again. */
    default void onGap(final long missed) {
    }

    /** Nothing more comes: null if the user closed the grid, else why. */
    default void onEnd(final RefusedException reason) {
    }
}
