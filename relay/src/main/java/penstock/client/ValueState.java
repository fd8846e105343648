package penstock.client;

/** What a value may be used for. */
public enum ValueState {
    /** It is the newest one. */
    LIVE,
    /** It is the last one that is known: not to be traded on. */
    STALE,
    /** The venue provides it no more. */
    CLOSED,
    /** The client may not see it any more. */
    DENIED;

    /** As the relay spells it; null for null, and stale for a word of the future. */
    static ValueState of(final String text) {
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "live" -> LIVE;
            case "closed" -> CLOSED;
            case "denied" -> DENIED;
            default -> STALE;
        };
    }
}
