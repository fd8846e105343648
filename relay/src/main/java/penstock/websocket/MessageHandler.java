package penstock.websocket;

/**
 * Receives the messages of a connection. Buffers are valid during the call only. During the call, the handler must not
 * feed another parser of the thread: the buffer may be the scratch that all of them share. Called on the connection's
 * io thread.
 */
public interface MessageHandler {
    /** A whole text message, valid UTF-8. */
    void onText(byte[] buffer, int offset, int length);

    /** A whole binary message. */
    void onBinary(byte[] buffer, int offset, int length);

    /** A ping, possibly between the fragments of a message; answer it with a pong of the same payload. */
    void onPing(byte[] payload, int offset, int length);

    /** A pong, solicited or not. */
    void onPong(byte[] payload, int offset, int length);

    /** The peer closes; {@link CloseCode#NO_CODE} if its frame had no code. The parser ignores further bytes. */
    void onClose(int code, String reason);
}
