package penstock.client.socket;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When the next attempt comes: a random part of a delay that doubles from 500 ms to 30 s, so that a relay which starts
 * again is not met by all its clients at once, and never before the relay's {@code retryAfter}.
 *
 * <p>Owned by the client's thread.
 */
public final class BackOff {
    private static final long FIRST_MS = 500;
    private static final long MAX_MS = 30_000;
    private static final Pattern RETRY_AFTER = Pattern.compile("retryAfter=(\\d{1,9})");

    private long delayMs = FIRST_MS;
    private long beforeMs = FIRST_MS;

    /** A welcome came: the next delay is short again. */
    public void reset() {
        beforeMs = delayMs;
        delayMs = FIRST_MS;
    }

    /** The welcome was worth nothing: delays go on from where they were before it. */
    public void resume() {
        delayMs = Math.max(delayMs, beforeMs);
    }

    /** How long to wait; {@code random} is from 0 to 1, {@code earliestMs} what the relay asks for. */
    public long nextMs(final double random, final long earliestMs) {
        final long nextMs = Math.round(earliestMs + random * delayMs);
        delayMs = Math.min(2 * delayMs, MAX_MS);
        return nextMs;
    }

    /** The time that the reason of a close asks for; 0 without one. */
    public static long earliestMs(final String reason) {
        final Matcher found = RETRY_AFTER.matcher(reason);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }
}
