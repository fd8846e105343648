package penstock.venue.login;

/** A value of a login could not be read. Another attempt may succeed. */
public final class LoginException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final long retryAfterMs;

    /** With a message for the log: no secrets. */
    LoginException(final String message) {
        this(message, 0, -1);
    }

    /** {@code status}: of an HTTP answer; {@code retryAfterMs}: delay before the next attempt, -1 = unknown. */
    LoginException(final String message, final int status, final long retryAfterMs) {
        super(message);
        this.status = status;
        this.retryAfterMs = retryAfterMs;
    }

    /** HTTP status of a refused request, else 0. */
    public int status() {
        return status;
    }

    /** Delay before the next attempt, -1 = the usual one. */
    public long retryAfterMs() {
        return retryAfterMs;
    }
}
