package penstock.wire;

import java.util.Locale;

/**
 * What can be wrong with a request, with a status like HTTP's. A new error code is a constant here and a row in the
 * protocol page.
 */
public enum ErrorCode {
    /** Not a JSON object. */
    BAD_JSON(400),
    /** Invalid value of a field. */
    BAD_FIELD(400),
    /** Unknown field of the operation. */
    UNKNOWN_FIELD(400),
    /** Unknown operation. */
    UNKNOWN_OP(400),
    /** Unknown feed. */
    UNKNOWN_FEED(400),
    /** Unknown channel. */
    UNKNOWN_CHANNEL(400),
    /** Invalid symbol or pattern. */
    BAD_SYMBOL_PATTERN(400),
    /** Interval out of bounds. */
    BAD_INTERVAL(400),
    /** Authentication required. */
    AUTH_REQUIRED(401),
    /** Invalid token. */
    TOKEN_INVALID(401),
    /** Expired token. */
    TOKEN_EXPIRED(401),
    /** The client is not entitled to the data. */
    NOT_ENTITLED(403),
    /** The session may not send such a request. */
    FORBIDDEN(403),
    /** No subscription with this name in the session. */
    UNKNOWN_SUBSCRIPTION(404),
    /** Too many symbols for a session. */
    TOO_MANY_SYMBOLS(413),
    /** Too many subscriptions for a session. */
    TOO_MANY_SUBSCRIPTIONS(413),
    /** A message of more bytes than the session may send; the session ends. */
    MESSAGE_TOO_LARGE(413),
    /** The request alone takes more memory than the relay gives to all clients for this. */
    MEMORY_LIMIT(413),
    /** Request rate limit exceeded. */
    RATE_LIMITED(429),
    /** The client, or its address, has all that it may have in all its sessions together. */
    QUOTA_EXCEEDED(429),
    /** Internal error of the relay. */
    INTERNAL(500),
    /** The relay has no data yet, or not everything that the client has. */
    NOT_READY(503),
    /** The memory that the relay gives to clients for this is full. */
    MEMORY_FULL(503),
    /** The relay is shutting down. */
    DRAINING(503);

    private final int status;
    private final String code = name().toLowerCase(Locale.ROOT);

    ErrorCode(final int status) {
        this.status = status;
    }

    /** The status, with the meaning of HTTP's. */
    public int status() {
        return status;
    }

    /** The code as the protocol spells it. */
    public String code() {
        return code;
    }

    /** True if the same request may succeed later. */
    public boolean isRetryable() {
        return status == 429 || status >= 500;
    }
}
