package penstock.audit;

import java.util.EnumSet;
import java.util.Set;
import penstock.wire.CloseStatus;
import penstock.wire.ErrorCode;

/**
 * How a session or a handshake ended, as two letters: who ended it, and in which phase, as HAProxy has it. Who:
 * {@code C} the client, {@code c} the relay because the client was silent, {@code P} the relay by a rule, {@code R} the
 * relay for want of room, {@code K} the operator, {@code I} the relay because it failed. Phase: {@code T} TLS,
 * {@code H} head of the request, {@code A} authentication, {@code Q} quotas and room, {@code F} frames of the client,
 * {@code M} messages in them, {@code R} requests in those, {@code D} data for the client, {@code P} pings, {@code E}
 * end of the client's rights, {@code S} stop of the relay. A new way to end is a constant here and a row in the page
 * of the audit log.
 */
public enum Termination {
    /** The client did not complete the TLS handshake. */
    NO_TLS("PT", null),
    /** No whole request came in time. */
    NO_REQUEST("cH", null),
    /** The client left before its request was complete. */
    LEFT_BEFORE_REQUEST("CH", null),
    /** The request is malformed, or the relay is not reached like that: Host, Origin, path. */
    REQUEST_REFUSED("PH", CloseStatus.BAD_REQUESTS),
    /** The relay failed at the request. */
    REQUEST_FAILED("IH", CloseStatus.INTERNAL),
    /** No token, or one that is not accepted. */
    UNKNOWN_CLIENT("PA", CloseStatus.UNAUTHENTICATED),
    /** The client did not show who it is in time. */
    NO_AUTH("cA", CloseStatus.NO_AUTH_IN_TIME),
    /** The client left before it had shown who it is. */
    LEFT_BEFORE_AUTH("CA", null),
    /** Too many clients that had not shown who they are: the one that waited longest. */
    CROWDED_OUT("RA", CloseStatus.NO_AUTH_IN_TIME),
    /** All connections or sessions of the relay are in use. */
    FULL("RQ", CloseStatus.DRAINING),

    /** A quota of the client or its address; in a session, a flood of requests. */
    QUOTA("PQ", CloseStatus.FLOODING),
    /** The relay has no memory for what the client asked for. */
    MEMORY_FULL("RR", CloseStatus.MEMORY_FULL),
    /** The client broke RFC 6455, or sent what is not served. */
    BAD_FRAME("PF", null),
    /** A message was too large. */
    TOO_LARGE("PM", null),
    /** A message was not completed in time. */
    HALF_MESSAGE("cM", null),
    /** Half messages of all clients took all memory for them, and this one was the oldest. */
    NO_ROOM_FOR_MESSAGE("RM", null),
    /** The relay is stopping, or is drained. */
    DRAINED("KS", CloseStatus.DRAINING),

    /** In order: the client sent a Close frame, or had all it asked for. */
    FINISHED("--", null),
    /** The client's connection ended without a Close frame. */
    CLIENT_GONE("CD", null),
    /** The client accepted no byte for too long. */
    STUCK("cD", null),
    /** The client answered no ping. */
    NO_PONG("cP", CloseStatus.NO_PONG),
    /** Too many bad requests in a row. */
    BAD_REQUESTS("PR", CloseStatus.BAD_REQUESTS),
    /** A subscription that accepts no gap fell behind. */
    SLOW("PD", CloseStatus.SLOW_CONSUMER),
    /** The client began another session, and had as many as it may have. */
    REPLACED("CQ", CloseStatus.REPLACED),
    /** The client's token expired. */
    EXPIRED("PE", CloseStatus.UNAUTHENTICATED),
    /** The client's key was removed or replaced. */
    WITHDRAWN("KE", CloseStatus.UNAUTHENTICATED),
    /** The operator closed it. */
    KICKED("KD", CloseStatus.FORBIDDEN),
    /** The drain time was over before the client's turn came, or before it had answered. */
    CUT("RS", null),
    /** The relay failed at a request of the client. */
    FAILED_AT_REQUEST("IR", CloseStatus.INTERNAL),
    /** The relay failed at sending. */
    FAILED_AT_DATA("ID", CloseStatus.INTERNAL);

    private final String code;
    private final CloseStatus status;

    Termination(final String code, final CloseStatus status) {
        this.code = code;
        this.status = status;
    }

    /** The two letters. */
    public String code() {
        return code;
    }

    /** What the Close frame says; null if there is none, or its code is one of RFC 6455. */
    public CloseStatus status() {
        return status;
    }

    /** Whether such an end is no trouble: of these, the log has a sample. */
    public boolean isGood() {
        return this == FINISHED || this == CLIENT_GONE || this == DRAINED;
    }

    /** Of a request that is answered with an error. */
    public static Termination ofAnswer(final int status, final String error) {
        return switch (status) {
            case 401 -> UNKNOWN_CLIENT;
            case 413, 429 -> QUOTA;
            case 503 -> "draining".equals(error) ? DRAINED : "memory_full".equals(error) ? MEMORY_FULL : FULL;
            case 500 -> REQUEST_FAILED;
            default -> REQUEST_REFUSED;
        };
    }

    /**
     * Of a session whose only request, that of its address, is refused. It was checked before the session began: its
     * memory was taken since, or its quota.
     */
    public static Termination ofOnlyRequest(final ErrorCode code) {
        return code == ErrorCode.MEMORY_FULL ? MEMORY_FULL : QUOTA;
    }

    /** The ends of handshakes that opened no session. */
    public static Set<Termination> ofHandshakes() {
        return EnumSet.range(NO_TLS, DRAINED);
    }

    /** The ends of sessions. */
    public static Set<Termination> ofSessions() {
        return EnumSet.range(QUOTA, FAILED_AT_DATA);
    }
}
