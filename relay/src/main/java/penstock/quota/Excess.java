package penstock.quota;

/**
 * A quota that a client has used up. Immutable.
 *
 * @param key          of the configuration
 * @param max          what the quota is
 * @param retryAfterMs when the client may try again
 * @param isHeld       whether it stays used up until the client ends something
 */
public record Excess(String key, int max, long retryAfterMs, boolean isHeld) {
    /** When the client ends something is unknown: the time after which it may try to begin a session again. */
    static final long HELD_RETRY_MS = 5_000;

    /** Of so much per second. */
    static Excess ofRate(final String key, final int max, final long waitMs) {
        return new Excess(key, max, waitMs, false);
    }

    /** Of so much at once. */
    static Excess ofHeld(final String key, final int max) {
        return new Excess(key, max, HELD_RETRY_MS, true);
    }

    /** For the client. */
    public String message() {
        return "you have used up " + key + " = " + max + (isHeld ? " with all your sessions: end something first"
            : ": try again in " + retryAfterMs + " ms");
    }
}
