package penstock.replay;

/**
 * One connected client as a script sees it.
 *
 * <p>Owned by the server's io thread.
 */
public interface FeedClient {
    /** Path and query of its handshake, as sent: {@code /stream?streams=btcusdt@trade}. */
    String path();

    /** Queues one text frame; the bytes are copied. They must be UTF-8. */
    void send(byte[] buffer, int offset, int length);

    /** Queues one text frame. */
    void send(String text);

    /** Queues one binary frame; the bytes are copied. */
    void sendBinary(byte[] buffer, int offset, int length);

    /** Queues a ping. */
    void sendPing(byte[] payload);

    /** Queues a Close frame and closes the connection when the client has answered it, or after 2 s. */
    void close(int code, String reason);
}
