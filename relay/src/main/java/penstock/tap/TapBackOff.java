package penstock.tap;

/**
 * The delay before the next attempt: a random part of 0.5 s, doubled after each failure up to 30 s, as the protocol
 * requires.
 *
 * <p>Owned by the thread that connects.
 */
final class TapBackOff {
    private static final long MIN_MS = 500;
    private static final long MAX_MS = 30_000;
    private static final String RETRY_AFTER = "retryAfter=";

    private long nextMs = MIN_MS;

    /** The connection was useful: starts again with the shortest delay. */
    void reset() {
        nextMs = MIN_MS;
    }

    /**
     * The next delay. {@code random} is from 0 to 1; {@code reason} is that of the Close frame and may request a delay.
     */
    long delayMs(final double random, final String reason) {
        final long delayMs = (long) (nextMs * random);
        nextMs = Math.min(MAX_MS, nextMs * 2);
        final String asked = reason.startsWith(RETRY_AFTER) ? reason.substring(RETRY_AFTER.length()) : "";
        return asked.matches("[0-9]{1,5}") ? Math.min(MAX_MS, Long.parseLong(asked)) + delayMs : delayMs;
    }
}
