package penstock.quota;

/**
 * A quota that a client has used up. Immutable.
 *
 * @param key          of the configuration
 * @param max          what the quota is
 * @param retryAfterMs when the client may try again; 0 = when it has ended something
 */
public record Excess(String key, int max, long retryAfterMs) {
    /** For the client. */
    public String message() {
        return "you have used up " + key + " = " + max + (retryAfterMs == 0 ? ": end something first"
            : ": try again in " + retryAfterMs + " ms");
    }
}
