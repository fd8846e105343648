package penstock.lease;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs a {@link LeaseMachine} for a thread: asks the key what the machine wants to know, and lets the listener know
 * what it decides. Owned by the lease thread; what any other thread asks for becomes a task of that one.
 */
final class LeaseDriver {
    private final LeaseKey key;
    private final LongSupplier nowNs;
    private final Consumer<Runnable> tasks;
    private final LeaseMachine machine;
    private LeaseListener listener;
    private boolean isEnded;

    /**
     * Not started.
     *
     * @param name    of the relay, for people
     * @param id      of its process, like no other
     * @param epochMs the wall clock
     * @param nowNs   monotonic time
     * @param tasks   runs a task on the lease thread, soon
     */
    LeaseDriver(final LeaseKey key, final LeaseTerms terms, final String name, final String id,
            final LongSupplier epochMs, final LongSupplier nowNs, final Consumer<Runnable> tasks) {
        this.key = key;
        this.nowNs = nowNs;
        this.tasks = tasks;
        machine = new LeaseMachine(terms, name, id, epochMs, new Actions());
    }

    /** Begins. */
    void start(final LeaseListener hearing) {
        listener = hearing;
        tasks.accept(() -> machine.onStart(nowNs.getAsLong()));
    }

    /** Another login has ended ours: is the lease still held? */
    void doubt() {
        tasks.accept(() -> machine.onDoubt(nowNs.getAsLong()));
    }

    /** Gives the lease away, and ends. */
    void handOver() {
        tasks.accept(() -> machine.onHandOver(nowNs.getAsLong()));
    }

    /** Time has passed. */
    void tick() {
        machine.onTick(nowNs.getAsLong());
    }

    /** When the machine wants the next tick. */
    long nextNs() {
        return machine.nextNs();
    }

    /** The lease is given away: nothing follows. */
    boolean isEnded() {
        return isEnded;
    }

    /** What the machine wants. */
    private final class Actions implements LeaseActions {
        @Override
        public void read(final long request) {
            key.read(answer -> tasks.accept(() -> machine.onAnswer(request, answer, nowNs.getAsLong())));
        }

        @Override
        public void swap(final long request, final long revision, final String value) {
            key.swap(revision, value,
                answer -> tasks.accept(() -> machine.onAnswer(request, answer, nowNs.getAsLong())));
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
            listener.onLost(why, () -> tasks.accept(() -> machine.onClosed(nowNs.getAsLong())));
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
