package penstock.wire;

import java.util.Locale;

/** What can be wrong with a request; the status reads like HTTP's. */
public enum ErrorCode {
    /** Not JSON, or no object. */
    BAD_JSON(400),
    /** A known field with a value that it cannot have. */
    BAD_FIELD(400),
    /** A field that the operation does not have. */
    UNKNOWN_FIELD(400),
    /** An operation that there is not. */
    UNKNOWN_OP(400),
    /** A channel that the feed does not have. */
    UNKNOWN_CHANNEL(400),
    /** A symbol that no instrument can be called. */
    BAD_SYMBOL_PATTERN(400),
    /** An interval out of bounds. */
    BAD_INTERVAL(400),
    /** Nobody said who is asking. */
    AUTH_REQUIRED(401),
    /** A token that proves nothing. */
    TOKEN_INVALID(401),
    /** A token that is over. */
    TOKEN_EXPIRED(401),
    /** The principal may not have that. */
    NOT_ENTITLED(403),
    /** No subscription of that name in this session. */
    UNKNOWN_SUBSCRIPTION(404),
    /** More symbols than a session may have. */
    TOO_MANY_SYMBOLS(413),
    /** More subscriptions than a session may have. */
    TOO_MANY_SUBSCRIPTIONS(413),
    /** Faster than a session may ask. */
    RATE_LIMITED(429),
    /** The relay failed. */
    INTERNAL(500),
    /** The relay has nothing to serve yet. */
    NOT_READY(503),
    /** The relay is about to stop. */
    DRAINING(503);

    private final int status;
    private final String code = name().toLowerCase(Locale.ROOT);

    ErrorCode(final int status) {
        this.status = status;
    }

    /** Reads like HTTP's. */
    public int status() {
        return status;
    }

    /** As the protocol spells it. */
    public String code() {
        return code;
    }

    /** Whether the same request may succeed later. */
    public boolean retry() {
        return status == 429 || status >= 500;
    }
}
