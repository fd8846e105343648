package penstock.websocket;

/**
 * What came in. Buffers are valid during the call only, and the handler must not feed another parser of the thread
 * meanwhile: they share the scratch that the buffer may be. Called on the connection's io thread.
 */
public interface MessageHandler {
    /** A whole text message, valid UTF-8. */
    void onText(byte[] buffer, int offset, int length);

    /** A whole binary message. */
    void onBinary(byte[] buffer, int offset, int length);

    /** A ping, possibly between the fragments of a message; answer it with a pong of the same payload. */
    void onPing(byte[] payload, int offset, int length);

    /** A pong, asked for or not. */
    void onPong(byte[] payload, int offset, int length);

    /** The other end closes; {@link CloseCode#NO_CODE} when its frame had no code. Nothing is parsed after it. */
    void onClose(int code, String reason);
}
