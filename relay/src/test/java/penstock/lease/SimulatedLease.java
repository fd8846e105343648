package penstock.lease;

/**
 * A lease as {@link SharedLease} has it, on a thread that a simulation runs. Owned by that thread; any other one may
 * call what it shares with its interface.
 */
public final class SimulatedLease implements LeaseProvider {
    private final Thread thread;
    private final LeaseKey key;
    private final LeaseMachine machine;
    private LeaseListener listener;
    private boolean isEnded;
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
        this.key = key;
        machine = new LeaseMachine(terms, name, id, thread::epochMs, new Actions());
    }

    @Override
    public void start(final LeaseListener hearing) {
        listener = hearing;
        run(() -> machine.onStart(thread.nowNs()));
    }

    @Override
    public void doubt() {
        run(() -> machine.onDoubt(thread.nowNs()));
    }

    @Override
    public void handOver() {
        run(() -> machine.onHandOver(thread.nowNs()));
    }

    private void run(final Runnable task) {
        thread.execute(() -> {
            if (!isEnded) {
                task.run();
                tick();
            }
        });
    }

    private void tick() {
        if (isEnded) {
            return;
        }
        machine.onTick(thread.nowNs());
        final long nextNs = machine.nextNs();
        final long mine = ++wakes;
        if (nextNs != Long.MAX_VALUE) {
            thread.executeAfter(() -> {
                if (mine == wakes) {
                    tick();
                }
            }, Math.max(0, nextNs - thread.nowNs()));
        }
    }

    /** What the machine wants. */
    private final class Actions implements LeaseActions {
        @Override
        public void read(final long request) {
            key.read(answer -> run(() -> machine.onAnswer(request, answer, thread.nowNs())));
        }

        @Override
        public void swap(final long request, final long revision, final String value) {
            key.swap(revision, value, answer -> run(() -> machine.onAnswer(request, answer, thread.nowNs())));
        }

        @Override
        public void held(final long epoch) {
            listener.onHeld(epoch);
        }

        @Override
        public void confirmed() {
            listener.onConfirmed();
        }

        @Override
        public void lost(final String why) {
            listener.onLost(why, () -> run(() -> machine.onClosed(thread.nowNs())));
        }

        @Override
        public void overdue() {
            listener.onOverdue();
        }

        @Override
        public void status(final LeaseStatus status) {
            listener.onStatus(status);
        }

        @Override
        public void ended() {
            isEnded = true;
            listener.onEnded();
        }
    }
}
