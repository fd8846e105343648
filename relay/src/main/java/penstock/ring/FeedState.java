package penstock.ring;

/** The state of the upstream feed. */
public enum FeedState {
    /** Nothing was received yet. */
    STARTING,
    /** Connected, logged in, and updates arrive. */
    LIVE,
    /** Lost: values are kept but must not be traded on. */
    STALE,
    /** Ended permanently: the venue refused the relay, or the relay stops. */
    CLOSED;

    /** As the protocol spells it: what was never live is stale, too. */
    public String spelling() {
        return switch (this) {
            case LIVE -> "live";
            case CLOSED -> "closed";
            default -> "stale";
        };
    }
}
