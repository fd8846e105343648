package penstock.client.socket;

/** Clock, chance and timers of a client: {@link JvmPlatform}, or one of a test. Any thread may call it. */
public interface ClientPlatform extends AutoCloseable {
    /** Milliseconds since 1970; it goes on while the machine sleeps. */
    long nowMs();

    /** From 0 to 1. */
    double random();

    /** Runs {@code task} after a time, on any thread; returns how to cancel it. */
    Runnable after(long ms, Runnable task);

    /** Runs {@code task} when the next frame may be shown, on any thread. */
    void frame(Runnable task);

    /** No timer is used any more. */
    @Override
    void close();
}
