package penstock.wire;

/**
 * A request that is refused, as its sender will read it. A normal thing: it has no stack trace. Immutable.
 */
public final class RequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String path;
    private final String id;
    private final long retryAfterMs;

    /**
     * {@code path} is the JSON pointer of what is wrong, {@code id} the JSON text of the request's id; both may be
     * null.
     */
    public RequestException(final ErrorCode code, final String path, final String message, final String id) {
        this(code, path, message, id, 0);
    }

    private RequestException(final ErrorCode code, final String path, final String message, final String id,
            final long retryAfterMs) {
        super(message, null, false, false);
        this.code = code;
        this.path = path;
        this.id = id;
        this.retryAfterMs = retryAfterMs;
    }

    /** Too many requests: the next one is welcome after {@code retryAfterMs}. */
    public static RequestException rateLimited(final String message, final String id, final long retryAfterMs) {
        return new RequestException(ErrorCode.RATE_LIMITED, null, message, id, retryAfterMs);
    }

    /** What is wrong. */
    public ErrorCode code() {
        return code;
    }

    /** Where it is wrong: a JSON pointer, or null. */
    public String path() {
        return path;
    }

    /** The JSON text of the request's id, or null. */
    public String id() {
        return id;
    }

    /** When the request may be repeated; 0 when that does not matter. */
    public long retryAfterMs() {
        return retryAfterMs;
    }
}
