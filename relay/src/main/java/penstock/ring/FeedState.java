package penstock.ring;

/** What the upstream connection is worth to a subscriber. */
public enum FeedState {
    /** Nothing was received yet. */
    STARTING,
    /** Connected, logged in, and updates arrive. */
    LIVE,
    /** Lost: values are kept but must not be traded on. */
    STALE,
    /** Ended for good: the venue refused us, or the relay stops. */
    CLOSED
}
