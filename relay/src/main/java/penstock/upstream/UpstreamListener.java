package penstock.upstream;

/** Events of one upstream connection. All calls run on the feed thread; buffers are valid during the call only. */
public interface UpstreamListener {
    /** The upgrade succeeded. */
    void onOpen();

    /** Bytes arrived: the connection is alive. */
    void onAlive(long nowNs);

    /**
     * What follows was received by the connection of that number: the recording of several is one stream. By default
     * that makes no difference.
     */
    default void onSource(final long source) {
    }

    /** A complete text message in valid UTF-8. */
    void onText(byte[] buffer, int offset, int length, long receivedNs);

    /** A complete binary message. */
    void onBinary(byte[] buffer, int offset, int length, long receivedNs);

    /**
     * A ping arrived.
     *
     * @return true: the connection answers it now; false: the listener answers it later with {@link Upstream#sendPong}
     */
    boolean onPing(byte[] payload, int offset, int length);

    /** All bytes of this read have been handled. */
    void onBatchEnd();

    /** The connection ended or could not be opened. The last call. */
    void onClosed(UpstreamLoss loss);

    /** The connection can never be opened: login refused or the request cannot be built. The last call. */
    default void onRefused(final String what) {
        onClosed(UpstreamLoss.of(LossReason.LOGIN_FAILED, what, false));
    }
}
