package penstock.upstream;

/** One connection to the upstream, or one attempt to connect. Never reused after it ends. Owned by the feed thread. */
public interface Upstream {
    /**
     * Sends a text message. Dropped if the connection is not open; {@link UpstreamListener#onClosed} reports the loss.
     */
    void sendText(byte[] utf8);

    /** Sends a ping. Dropped if the connection is not open, or knows none. */
    default void sendPing() {
    }

    /** Answers a ping for which the listener returned false. Dropped if the connection is not open or not writable. */
    void sendPong(byte[] payload, int offset, int length);

    /**
     * Sends a Close frame, then closes TCP once the server has answered or after a short timeout. {@link
     * UpstreamListener#onClosed} follows.
     */
    void close(int code, String reason);

    /** Closes the connection immediately, without a callback. */
    void abort();
}
