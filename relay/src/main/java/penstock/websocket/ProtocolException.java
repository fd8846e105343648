package penstock.websocket;

/**
 * The other end broke the rules and the connection must end with {@link #closeCode()}; the message is fit for the Close
 * frame's reason. It has no stack trace: whoever sends rubbish must not make the relay work for it.
 */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int closeCode;

    /** {@code message} says what came and what would have been right. */
    public ProtocolException(final int closeCode, final String message) {
        super(message, null, false, false);
        this.closeCode = closeCode;
    }

    /** What to put into the Close frame. */
    public int closeCode() {
        return closeCode;
    }

    static ProtocolException framing(final String message) {
        return new ProtocolException(CloseCode.PROTOCOL_ERROR, message);
    }

    static ProtocolException badData(final String message) {
        return new ProtocolException(CloseCode.BAD_DATA, message);
    }

    static ProtocolException tooLarge(final String message) {
        return new ProtocolException(CloseCode.TOO_LARGE, message);
    }
}
