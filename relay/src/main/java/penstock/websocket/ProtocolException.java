package penstock.websocket;

/**
 * The peer violated the protocol: the connection must be closed with {@link #closeCode()} and the message as its
 * reason. It has no stack trace, so that invalid input stays cheap.
 */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int closeCode;

    /** {@code message} says what was received and what is valid. */
    public ProtocolException(final int closeCode, final String message) {
        super(message, null, false, false);
        this.closeCode = closeCode;
    }

    /** The code of the Close frame. */
    public int closeCode() {
        return closeCode;
    }

    static ProtocolException framing(final String message) {
        return new ProtocolException(CloseCode.PROTOCOL_ERROR, message);
    }

    static ProtocolException badData(final String message) {
        return new ProtocolException(CloseCode.BAD_DATA, message);
    }

    static ProtocolException noMemory() {
        return new ProtocolException(CloseCode.TRY_AGAIN_LATER,
            "half messages of all clients take too much memory: send each message at once");
    }

    static ProtocolException tooLarge(final String message) {
        return new ProtocolException(CloseCode.TOO_LARGE, message);
    }
}
