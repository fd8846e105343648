package penstock.wire;

/**
 * A rejected request; the message is sent to the client. Rejections are normal, so there is no stack trace. Immutable.
 */
public final class RequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String path;
    private final String id;
    private final long retryAfterMs;

    /**
     * {@code path} is the JSON pointer of the error, {@code id} the JSON text of the request's id; both may be
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

    /** Too many requests; the client may send the next one after {@code retryAfterMs}. */
    public static RequestException rateLimited(final String message, final String id, final long retryAfterMs) {
        return new RequestException(ErrorCode.RATE_LIMITED, null, message, id, retryAfterMs);
    }

    /** The client has in all its sessions what it may have; it may try again after {@code retryAfterMs}. */
    public static RequestException quotaExceeded(final String path, final String message, final String id,
            final long retryAfterMs) {
        return new RequestException(ErrorCode.QUOTA_EXCEEDED, path, message, id, retryAfterMs);
    }

    /** The memory for this is full; the client may try again after {@code retryAfterMs}. */
    public static RequestException memoryFull(final String path, final String message, final String id,
            final long retryAfterMs) {
        return new RequestException(ErrorCode.MEMORY_FULL, path, message, id, retryAfterMs);
    }

    /** The relay will be able to answer this, but not yet; the client may try again after {@code retryAfterMs}. */
    public static RequestException notReady(final String path, final String message, final String id,
            final long retryAfterMs) {
        return new RequestException(ErrorCode.NOT_READY, path, message, id, retryAfterMs);
    }

    /** The error code. */
    public ErrorCode code() {
        return code;
    }

    /** For a Close frame: the code, and what the message says. */
    public String reason() {
        return code.code() + ": " + getMessage();
    }

    /** JSON pointer of the error, or null. */
    public String path() {
        return path;
    }

    /** The JSON text of the request's id, or null. */
    public String id() {
        return id;
    }

    /** Milliseconds until the request may be repeated; 0 if not applicable. */
    public long retryAfterMs() {
        return retryAfterMs;
    }
}
