package penstock.lease;

/**
 * A lease as {@link SharedLease} has it, on a thread that a simulation runs. Owned by that thread; any other one may
 * call what it shares with its interface.
 */
public final class SimulatedLease implements LeaseProvider {
    private final Thread thread;
    private final LeaseDriver driver;
    private long wakes;

    /** The thread of a lease, and its clocks. */
    public interface Thread {
        /** Runs {@code task} on the thread, soon. */
        void execute(Runnable task);

        /** Runs {@code task} on the thread after {@code delayNs}. */
        void executeAfter(Runnable task, long delayNs);

        /** Monotonic time. */
        long nowNs();

        /** The wall clock. */
        long epochMs();
    }

    /**
     * Not started.
     *
     * @param name of the relay
     * @param id   of its process, like no other
     */
    public SimulatedLease(final Thread thread, final LeaseKey key, final LeaseTerms terms, final String name,
            final String id) {
        this.thread = thread;
        driver = new LeaseDriver(key, terms, name, id, thread::epochMs, thread::nowNs, this::run);
    }

    @Override
    public void start(final LeaseListener hearing) {
        driver.start(hearing);
    }

    @Override
    public void doubt() {
        driver.doubt();
    }

    @Override
    public void handOver() {
        driver.handOver();
    }

    private void run(final Runnable task) {
        thread.execute(() -> {
            if (!driver.isEnded()) {
                task.run();
                tick();
            }
        });
    }

    private void tick() {
        if (driver.isEnded()) {
            return;
        }
        driver.tick();
        final long nextNs = driver.nextNs();
        final long mine = ++wakes;
        if (nextNs != Long.MAX_VALUE) {
            thread.executeAfter(() -> {
                if (mine == wakes) {
                    tick();
                }
            }, Math.max(0, nextNs - thread.nowNs()));
        }
    }
}
