package penstock.fanout;

/**
 * The one way for other threads to call a shard: {@code x()} here runs {@link Shard}{@code .onX()} on the shard's io
 * thread. Any thread may call it.
 */
public final class ShardProxy {
    private final ShardThread thread;
    private final Shard shard;

    /** Of {@code shard}, which runs on {@code thread}. */
    public ShardProxy(final ShardThread thread, final Shard shard) {
        this.thread = thread;
        this.shard = shard;
    }

    /** Begins the housekeeping of sessions; once. */
    public void start() {
        thread.execute(shard::onStart);
    }

    /**
     * Something is in the ring. One task per turn, however often this is called, and none while no subscription can be
     * sent anything before its next deadline.
     */
    public void wake() {
        shard.turns().wake();
    }

    /**
     * The credentials of clients have changed. When this returns, nothing is written to a session before its client was
     * checked again, except a write that had begun.
     */
    public void credentialsChanged() {
        shard.credentialsChanged();
    }

    /** Refuses new sessions, and closes every session: one after the other, all within {@code closeWithinMs}. */
    public void drain(final long closeWithinMs) {
        thread.execute(() -> shard.drain().stop(closeWithinMs));
    }
}
