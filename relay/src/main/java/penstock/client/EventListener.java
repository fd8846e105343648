package penstock.client;

/** Reads the events of a subscription in order, none twice, on the client's executor. */
@FunctionalInterface
public interface EventListener {
    /** The number of missing events is not known. */
    long UNKNOWN = -1;

    /** An event: the topic right after it. Valid during the call. */
    void onEvent(TopicView event);

    /** Events are missing here; {@link #UNKNOWN} if the subscription had to begin again. */
    default void onGap(final long missed) {
    }

    /** Nothing more comes: null if the user closed the grid, else why. */
    default void onEnd(final RefusedException reason) {
    }
}
