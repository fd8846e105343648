package penstock.server.limit;

import java.util.ArrayDeque;
import java.util.Deque;
import penstock.fanout.ShardThread;
import penstock.telemetry.ErrorLog;
import penstock.thread.ThreadOwner;

/**
 * Runs the long work of an io thread in slices of 2 ms, so that it never delays the sessions of the thread for longer.
 * A burst of 50 ms runs with pauses of 1 ms; beyond it the work gets a quarter of the thread's time. Work in progress
 * takes turns.
 *
 * <p>Owned by the io thread.
 */
public final class SlicedWork {
    /** Work that can be interrupted. */
    public interface Task {
        /** Goes on until it is done, or {@code clock} says that the slice is over; returns whether it is done. */
        boolean advance(Slice slice);

        /** {@link #advance} failed. */
        void onFailure(Throwable failure);
    }

    /** Says when to interrupt. */
    public interface Slice {
        /** Whether the slice is over. */
        boolean isOver();
    }

    private static final long SLICE_NS = 2_000_000;
    private static final long BURST_NS = 50_000_000;
    private static final int SHARE = 4;
    private static final long NS_PER_MS = 1_000_000;

    private final ThreadOwner owner = new ThreadOwner();
    private final ShardThread thread;
    private final ErrorLog errors;
    private final Deque<Task> tasks = new ArrayDeque<>();
    private final Runnable turn = this::turn;
    private boolean isScheduled;
    private long creditNs = BURST_NS;
    private long filledNs;

    /** For the io thread {@code thread}. */
    public SlicedWork(final ShardThread thread, final ErrorLog errors) {
        this.thread = thread;
        this.errors = errors;
        filledNs = thread.nowNs();
    }

    /** Begins {@code task} at once if nothing else is in progress and the thread has time for it. */
    public void add(final Task task) {
        assert owner.check();
        tasks.add(task);
        if (!isScheduled) {
            fill(thread.nowNs());
            if (creditNs > 0) {
                turn();
            } else {
                schedule();
            }
        }
    }

    /** Tasks in progress. */
    public int size() {
        return tasks.size();
    }

    private void turn() {
        isScheduled = false;
        final long startNs = thread.nowNs();
        fill(startNs);
        boolean isOver = tasks.isEmpty();
        while (!isOver) {
            final Task task = tasks.poll();
            if (!advance(task, () -> thread.nowNs() - startNs >= SLICE_NS)) {
                tasks.add(task);
            }
            isOver = tasks.isEmpty() || thread.nowNs() - startNs >= SLICE_NS;
        }
        creditNs -= thread.nowNs() - startNs;
        if (!tasks.isEmpty()) {
            schedule();
        }
    }

    private boolean advance(final Task task, final Slice slice) {
        try {
            return task.advance(slice);
        } catch (final RuntimeException | Error e) {
            errors.record("long work of an io thread failed", e);
            task.onFailure(e);
            return true;
        }
    }

    private void fill(final long nowNs) {
        creditNs = Math.min(BURST_NS, creditNs + (nowNs - filledNs) / SHARE);
        filledNs = nowNs;
    }

    private void schedule() {
        if (!isScheduled) {
            isScheduled = true;
            thread.executeAfter(turn, Math.max(1, -creditNs * SHARE / NS_PER_MS));
        }
    }
}
