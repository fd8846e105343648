package penstock.identity;

/**
 * A token is refused. Its message is the reason for the operator's log, a fixed sentence that holds no part of the
 * token. The client learns the {@link Kind} and nothing else, so that all failures look alike to it. Has no stack
 * trace: strangers cause it.
 */
public final class TokenException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What the client learns. */
    public enum Kind {
        /** The token is not valid: 401 {@code token_invalid}. */
        INVALID,
        /** The token was valid, and its time is over: 401 {@code token_expired}. */
        EXPIRED,
        /** Too many tokens wait to be verified: 503 {@code memory_full}. */
        BUSY
    }

    private final Kind kind;

    /** {@code reason} must not hold any part of the token. */
    public TokenException(final Kind kind, final String reason) {
        super(reason, null, false, false);
        this.kind = kind;
    }

    /** A token that is not valid; {@code reason} must not hold any part of it. */
    public static TokenException invalid(final String reason) {
        return new TokenException(Kind.INVALID, reason);
    }

    /** What the client learns. */
    public Kind kind() {
        return kind;
    }
}
