package penstock.tap;

/**
 * How long to wait before the next attempt: a random part of 0.5 s, of twice that after each attempt that failed, of 30
 * s at most, as the protocol asks for.
 *
 * <p>Owned by the thread that connects.
 */
final class TapBackOff {
    private static final long FIRST_MS = 500;
    private static final long MOST_MS = 30_000;
    private static final String AT_LEAST = "retryAfter=";

    private long nextMs = FIRST_MS;

    /** The connection was of use: begin anew. */
    void reset() {
        nextMs = FIRST_MS;
    }

    /**
     * The next delay; {@code random} is from 0 to 1, {@code reason} that of a Close frame, which may ask for a delay.
     */
    long delayMs(final double random, final String reason) {
        final long delayMs = (long) (nextMs * random);
        nextMs = Math.min(MOST_MS, nextMs * 2);
        final String asked = reason.startsWith(AT_LEAST) ? reason.substring(AT_LEAST.length()) : "";
        return asked.matches("[0-9]{1,5}") ? Math.min(MOST_MS, Long.parseLong(asked)) + delayMs : delayMs;
    }
}
