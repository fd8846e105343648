package penstock.fanout.frame;

/**
 * How far one subscription got in the write under construction: encoded, then begun by the socket, then completed. A
 * part of the write, not of the subscription: the few of a writer stay in the cache. Owned by the shard's io thread.
 */
final class PendingWrite {
    private boolean encodedAll;
    private boolean encodedAny;
    private boolean isRateLimited;
    private boolean isBegun;
    private boolean isCompleted;

    /**
     * The subscription was encoded.
     *
     * @param all         all of its pending data is in the write
     * @param any         at least one frame is in the write
     * @param rateLimited the rate limit kept something out
     */
    void onEncoded(final boolean all, final boolean any, final boolean rateLimited) {
        encodedAll = all;
        encodedAny = any;
        isRateLimited = rateLimited;
        isBegun = false;
        isCompleted = false;
    }

    /** The socket has begun to take a frame. */
    void onBegun() {
        assert encodedAny : "a frame was encoded before the socket took it";
        isBegun = true;
    }

    /** The socket has begun to take the last frame of all pending data. */
    void onCompleted() {
        assert isBegun && encodedAll : "the last frame comes after the first";
        isCompleted = true;
    }

    /** Whether all pending data was encoded. */
    boolean encodedAll() {
        return encodedAll;
    }

    /** Whether a frame was encoded. */
    boolean encodedAny() {
        return encodedAny;
    }

    /** Whether frames were encoded of which the socket took no byte. */
    boolean isLeftOut() {
        return encodedAny && !isBegun;
    }

    /** Whether the rate limit kept something out. */
    boolean isRateLimited() {
        return isRateLimited;
    }

    /** Whether the socket has begun to take the last frame. */
    boolean isCompleted() {
        return isCompleted;
    }

    /** Whether nothing is pending behind this write. */
    boolean hasSentAll() {
        return isCompleted || encodedAll && !encodedAny;
    }
}
