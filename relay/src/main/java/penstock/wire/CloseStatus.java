package penstock.wire;

import java.util.Arrays;

/**
 * Why the relay closes a session, beside the codes of RFC 6455. 44xx: do not reconnect unchanged. 45xx: reconnect with
 * back-off. A new close code is a constant here and a row in the protocol page.
 */
public enum CloseStatus {
    /** Too many invalid requests in a row. */
    BAD_REQUESTS(4400, "too many bad requests"),
    /** Not authenticated, or the token expired. */
    UNAUTHENTICATED(4401, "not authenticated or token expired"),
    /** The client is not allowed to connect. */
    FORBIDDEN(4403, "forbidden"),
    /** The client did not authenticate in time. */
    NO_AUTH_IN_TIME(4408, "no auth in time"),
    /** The client has as many sessions as it may have, and began another one. */
    REPLACED(4409, "replaced by a newer session"),
    /** A limit is exceeded and reconnecting does not help. */
    LIMITS(4413, "over a limit"),
    /** Request rate limit exceeded repeatedly. */
    FLOODING(4429, "flooding"),
    /** Internal error of the relay. */
    INTERNAL(4500, "internal error"),
    /** The relay is shutting down, or moves the session. */
    DRAINING(4503, "retryAfter=2000"),
    /** The client sent nothing for too long. */
    NO_PONG(4504, "no sign of life"),
    /** The feed has new topics for a subscription, and the memory for subscriptions is full. */
    MEMORY_FULL(4507, "memory full"),
    /** A subscription of mode all fell behind the journal, with overflow close. */
    SLOW_CONSUMER(4508, "slow consumer");

    private final int code;
    private final String reason;

    CloseStatus(final int code, final String reason) {
        this.code = code;
        this.reason = reason;
    }

    /** The status of {@code code}; null if the code is not one of these. */
    public static CloseStatus of(final int code) {
        return Arrays.stream(values()).filter(status -> status.code == code).findFirst().orElse(null);
    }

    /** The code of the Close frame. */
    public int code() {
        return code;
    }

    /** The reason in the Close frame. */
    public String reason() {
        return reason;
    }
}
