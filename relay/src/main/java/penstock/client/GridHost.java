package penstock.client;

/** What a grid uses of its client. Called on the client's thread, but for {@link #enter}. */
interface GridHost {
    /**
     * Where a grid shares: values with all of its view, anything else with those that ask for exactly the same.
     *
     * @param alone  names a grid that shares with no other; else null
     * @param before where it is: what it shares with no other goes on with other symbols; null for a new grid
     */
    WirePool poolOf(GridTerms terms, String alone, WirePool before);

    /** The last grid has left the pool. */
    void drop(WirePool pool);

    /** The grid is closed. */
    void remove(HeldTopic.Reader grid);

    /** Whether nothing comes any more. */
    boolean isClosed();

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
