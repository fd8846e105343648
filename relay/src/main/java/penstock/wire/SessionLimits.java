package penstock.wire;

/** Limits of a session. Immutable. */
public record SessionLimits(int subscriptions, int symbols, int frameBytes, int requestsPerSecond, int minIntervalMs,
        int maxIntervalMs) {
}
