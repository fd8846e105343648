package penstock.upstream;

/** What a connection tells its owner, on the feed thread; buffers are valid during the call only. */
public interface UpstreamListener {
    /** The upgrade succeeded. */
    void onOpen();

    /** Bytes came, whatever they are: the line is alive. */
    void onAlive(long nowNs);

    /** A whole text message, valid UTF-8. */
    void onText(byte[] buffer, int offset, int length, long receivedNs);

    /** A whole binary message. */
    void onBinary(byte[] buffer, int offset, int length, long receivedNs);

    /**
     * A ping came; true: the connection answers it now, false: the listener does by {@link Upstream#sendPong}, in its
     * own time.
     */
    boolean onPing(byte[] payload, int offset, int length);

    /** All that was read for now has been handed over. */
    void onBatchEnd();

    /** The connection ended or never came to be; the last call. */
    void onClosed(UpstreamLoss loss);

    /** The connection can never come to be; the last call. */
    default void onRefused(final String what) {
        onClosed(UpstreamLoss.of(LossReason.LOGIN_FAILED, what, false));
    }
}
