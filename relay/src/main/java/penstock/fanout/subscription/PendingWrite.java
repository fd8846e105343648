package penstock.fanout.subscription;

/**
 * How far one subscription got in the write under construction: encoded, then begun by the socket, then completed.
 * Changed by the writer of the session only. Owned by the shard's io thread.
 */
public final class PendingWrite {
    private boolean encodedAll;
    private boolean encodedAny;
    private boolean isRateLimited;
    private boolean isBegun;
    private boolean isCompleted;
    private boolean isFinished;

    /**
     * The subscription was encoded.
     *
     * @param all         all of its pending data is in the write
     * @param any         at least one frame is in the write
     * @param rateLimited the rate limit kept something out
     */
    public void onEncoded(final boolean all, final boolean any, final boolean rateLimited) {
        encodedAll = all;
        encodedAny = any;
        isRateLimited = rateLimited;
        isBegun = false;
        isCompleted = false;
    }

    /** The socket has begun to take a frame. */
    public void onBegun() {
        assert encodedAny : "a frame was encoded before the socket took it";
        isBegun = true;
    }

    /** The socket has begun to take the last frame of all pending data. */
    public void onCompleted() {
        assert isBegun && encodedAll : "the last frame comes after the first";
        isCompleted = true;
    }

    /** A subscription of mode once was sent all of its images. */
    public void onFinished() {
        assert hasSentAll() : "a subscription of mode once finishes with its last image";
        isFinished = true;
    }

    /** Whether all pending data was encoded. */
    public boolean encodedAll() {
        return encodedAll;
    }

    /** Whether a frame was encoded. */
    public boolean encodedAny() {
        return encodedAny;
    }

    /** Whether frames were encoded of which the socket took no byte. */
    public boolean isLeftOut() {
        return encodedAny && !isBegun;
    }

    /** Whether the rate limit kept something out. */
    public boolean isRateLimited() {
        return isRateLimited;
    }

    /** Whether the socket has begun to take the last frame. */
    public boolean isCompleted() {
        return isCompleted;
    }

    /** Whether nothing is pending behind this write. */
    public boolean hasSentAll() {
        return isCompleted || encodedAll && !encodedAny;
    }

    /** Whether the subscription is over because it was of mode once. */
    public boolean isFinished() {
        return isFinished;
    }
}
