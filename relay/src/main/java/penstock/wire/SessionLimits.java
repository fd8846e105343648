package penstock.wire;

/** Limits of a session. Immutable. */
public record SessionLimits(int subscriptions, int symbols, int frameBytes, int requestsPerSecond, int minIntervalMs,
        int maxIntervalMs) {
    /** Subscriptions of an edge: one for each channel is usual. */
    public static final int LINK_SUBSCRIPTIONS = 1_024;
    /** Symbols and patterns that an edge may have. */
    public static final int LINK_SYMBOLS = 1_000_000;
    private static final int LINK_REQUESTS_PER_SECOND = 1_000;

    /** Those of an edge, whose session stands for those of many subscribers. */
    public SessionLimits ofLink() {
        return new SessionLimits(LINK_SUBSCRIPTIONS, LINK_SYMBOLS, frameBytes, LINK_REQUESTS_PER_SECOND, 0,
            maxIntervalMs);
    }
}
