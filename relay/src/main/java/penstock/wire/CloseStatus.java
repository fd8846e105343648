package penstock.wire;

/** Why the relay ends a session. 44xx: do not reconnect unchanged. 45xx: reconnect with back-off. */
public enum CloseStatus {
    /** Nothing is wrong. */
    NORMAL(1000, ""),
    /** The relay goes away: reconnect. */
    GOING_AWAY(1001, "going away"),
    /** One mistake after the other. */
    BAD_REQUESTS(4400, "too many bad requests"),
    /** Not authenticated, or no longer. */
    UNAUTHENTICATED(4401, "not authenticated or token expired"),
    /** The principal may not be here. */
    FORBIDDEN(4403, "forbidden"),
    /** Nobody said in time who is asking. */
    NO_AUTH_IN_TIME(4408, "no auth in time"),
    /** Over a limit that reconnecting does not lift. */
    LIMITS(4413, "over a limit"),
    /** Requests without end. */
    FLOODING(4429, "flooding"),
    /** The relay failed. */
    INTERNAL(4500, "internal error"),
    /** The relay is about to stop, or to move the session. */
    DRAINING(4503, "retryAfter=2000"),
    /** No sign of life. */
    NO_PONG(4504, "no sign of life"),
    /** Lossless, and slower than what is kept. */
    SLOW_CONSUMER(4508, "slow consumer");

    private final int code;
    private final String reason;

    CloseStatus(final int code, final String reason) {
        this.code = code;
        this.reason = reason;
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
