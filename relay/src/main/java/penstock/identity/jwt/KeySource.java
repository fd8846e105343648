package penstock.identity.jwt;

/** Where the keys come from. Any thread. */
interface KeySource extends AutoCloseable {
    /** The keys; null while there are none, or none that are still trusted. */
    KeySet keys();

    /** A token named a key that is not among them: they may have changed. */
    void onUnknownKey();

    /** Calls {@code listener} on the source's thread after the keys changed. */
    void onChanged(Runnable listener);

    /** Starts to look for changes. */
    void start();

    @Override
    void close();
}
