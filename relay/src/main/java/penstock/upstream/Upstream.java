package penstock.upstream;

/**
 * One connection to the upstream, or the attempt to make one; ends once and is never used again.
 * Owned by the feed thread.
 */
public interface Upstream {
    /** Sends a text message. Dropped when the connection is not open: its owner is told of the loss anyway. */
    void sendText(byte[] utf8);

    /** Answers a ping that the listener took upon itself; dropped when the connection is not open or takes no bytes. */
    void sendPong(byte[] payload, int offset, int length);

    /**
     * Close frame, then TCP close when the server has answered or after a short while;
     * {@link UpstreamListener#onClosed} follows.
     */
    void close(int code, String reason);

    /** Ends it at once and tells nobody. */
    void abort();
}
