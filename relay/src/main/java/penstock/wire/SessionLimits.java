package penstock.wire;

/** What a session may have and ask for. Immutable. */
public record SessionLimits(int subscriptions, int symbols, int frameBytes, int requestsPerSecond, int minIntervalMs,
        int maxIntervalMs) {
}
