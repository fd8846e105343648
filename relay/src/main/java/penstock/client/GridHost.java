package penstock.client;

/** What a grid uses of its client. Called on the client's thread, but for {@link #enter}. */
interface GridHost {
    /** A subscription for the grid: one that runs, or a new one. */
    WireSubscription join(GridTerms terms, WireWatcher grid);

    void leave(WireSubscription wire, WireWatcher grid);

    /** The grid is closed. */
    void remove(WireWatcher grid);

    /** Whether a subscription of these terms runs. */
    boolean isRunning(GridTerms terms);

    /** Something is to be shown. */
    void schedule();

    /** Whether the relay gave a sign of life of late. */
    boolean isFresh();

    long nowMs();

    /** Runs {@code task} on the client's thread: now, if that is the caller. Any thread. */
    void enter(Runnable task);

    /** Throws {@link IllegalStateException} on any other than the client's thread. */
    void checkThread();
}
