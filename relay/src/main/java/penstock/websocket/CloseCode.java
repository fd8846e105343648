package penstock.websocket;

/**
 * The close codes of RFC 6455, 7.4 and the IANA registry.
 */
public final class CloseCode {
    /** Normal end. */
    public static final int NORMAL = 1000;

    /** The endpoint is shutting down: reconnect. */
    public static final int GOING_AWAY = 1001;

    /** The peer violated the framing. */
    public static final int PROTOCOL_ERROR = 1002;

    /** A type of message that this endpoint does not accept (binary on a text protocol). */
    public static final int UNSUPPORTED = 1003;

    /** Never on the wire: the Close frame had no code. */
    public static final int NO_CODE = 1005;

    /** Never on the wire: the connection ended without a Close frame. */
    public static final int ABNORMAL = 1006;

    /** Text that is not UTF-8, or data that does not inflate. */
    public static final int BAD_DATA = 1007;

    /** The peer violated a rule of this endpoint for which no other code fits. */
    public static final int POLICY = 1008;

    /** A frame or message exceeds the limit of this endpoint. */
    public static final int TOO_LARGE = 1009;

    /** The client requires an extension that the server did not accept. */
    public static final int MISSING_EXTENSION = 1010;

    /** The server failed. */
    public static final int INTERNAL = 1011;

    /** The server restarts: reconnect. */
    public static final int SERVICE_RESTART = 1012;

    /** The server is overloaded: reconnect elsewhere or later. */
    public static final int TRY_AGAIN_LATER = 1013;

    private CloseCode() {
    }

    /**
     * Whether a Close frame may carry {@code code}: 1000–1003, 1007–1014, and 3000–4999 for libraries and applications.
     */
    public static boolean isValidOnWire(final int code) {
        return code >= 1000 && code <= 1003 || code >= 1007 && code <= 1014 || code >= 3000 && code <= 4999;
    }
}
