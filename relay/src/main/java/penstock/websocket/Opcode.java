package penstock.websocket;

/**
 * The type of a frame, its lowest four bits. RFC 6455, 11.8.
 */
public final class Opcode {
    /** A further fragment of a message. */
    public static final int CONTINUATION = 0;

    /** UTF-8 text, or its first fragment. */
    public static final int TEXT = 1;

    /** Bytes, or their first fragment. */
    public static final int BINARY = 2;

    /** The last frame that an endpoint sends. */
    public static final int CLOSE = 8;

    /** Requests a pong with the same payload. */
    public static final int PING = 9;

    /** The answer to a ping. */
    public static final int PONG = 10;

    private Opcode() {
    }

    /** Close, ping and pong: at most 125 bytes, never in fragments, allowed between the fragments of a message. */
    static boolean isControl(final int opcode) {
        return opcode >= CLOSE;
    }

    /** The six that RFC 6455 defines. */
    static boolean isKnown(final int opcode) {
        return opcode <= BINARY || opcode >= CLOSE && opcode <= PONG;
    }
}
