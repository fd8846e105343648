package penstock.fanout;

import java.util.ArrayDeque;
import java.util.Deque;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.HoldMeter;
import penstock.thread.ThreadOwner;

/**
 * Runs the long work of an io thread, HTTP answers and large requests of sessions, in slices of 1.2 ms. With a turn
 * that follows at once, the sessions of the thread wait for 3 ms at most. A burst of 50 ms runs with pauses of 1 ms;
 * beyond it the work gets a quarter of the thread's time. Work in progress takes turns, except work whose end others
 * wait for.
 *
 * <p>Owned by the io thread.
 */
public final class SlicedWork {
    /** Work that can be interrupted. */
    public interface Task {
        /** Goes on until it is done, or {@code slice} is over; returns whether it is done. */
        boolean advance(Slice slice);

        /** Whether others wait for its end: then it goes on before other work. */
        default boolean goesFirst() {
            return false;
        }

        /** {@link #advance} failed. */
        void onFailure(Throwable failure);
    }

    /** Says when to interrupt. */
    public interface Slice {
        /** Whether the slice is over. */
        boolean isOver();

        /** Whether a step without interruptions may begin; if not, the slice is over, and the next begins with it. */
        boolean mayBegin();
    }

    private static final long SLICE_NS = 1_200_000;
    /** A step without interruptions begins before that: with it, a slice takes 3 ms at most. */
    private static final long STEP_BEFORE_NS = 500_000;
    private static final long PAUSE_NS = 1_000_000;
    private static final long BURST_NS = 50_000_000;
    private static final int SHARE = 4;
    private static final long NS_PER_MS = 1_000_000;

    private final ThreadOwner owner = new ThreadOwner();
    private final ShardThread thread;
    private final ErrorLog errors;
    private final HoldMeter holds;
    private final Deque<Task> tasks = new ArrayDeque<>();
    private final Runnable turn = this::turn;
    private final Slice slice = new Slice() {
        @Override
        public boolean isOver() {
            return isEnded || spentNs() >= SLICE_NS;
        }

        @Override
        public boolean mayBegin() {
            isEnded |= spentNs() >= STEP_BEFORE_NS;
            return !isEnded;
        }
    };
    private boolean isScheduled;
    private boolean isRunning;
    /** Of the slice: what its turns took; more than one when a task is added within the pause behind it. */
    private long takenNs;
    private long turnNs;
    /** Of the task of the thread in which the turn is: what had passed of it when the turn began. */
    private long heldNs;
    private long pausedNs;
    private boolean isEnded;
    private long creditNs = BURST_NS;
    private long filledNs;

    /** For the io thread {@code thread}, whose tasks {@code holds} measures. */
    public SlicedWork(final ShardThread thread, final ErrorLog errors, final HoldMeter holds) {
        this.thread = thread;
        this.errors = errors;
        this.holds = holds;
        filledNs = thread.nowNs();
    }

    /** Begins {@code task} at once if nothing else is in progress and the thread has time for it. */
    public void add(final Task task) {
        assert owner.check();
        tasks.add(task);
        if (!isScheduled && !isRunning) {
            fill(thread.nowNs());
            if (filledNs - pausedNs >= PAUSE_NS) {
                beginSlice();
            }
            if (creditNs > 0 && !isEnded && Math.max(takenNs, holds.heldNs(filledNs)) < SLICE_NS) {
                run();
            } else {
                schedule();
            }
        }
    }

    /** Begins {@code task} in a slice of its own: the caller has used the time of this one. */
    public void addLater(final Task task) {
        assert owner.check();
        tasks.add(task);
        if (!isRunning) {
            schedule();
        }
    }

    /** Goes on with {@code task} after a while: it waits for something. */
    void addAfter(final Task task, final long ms) {
        thread.executeAfter(() -> add(task), ms);
    }

    /** The clock of the thread. */
    long nowNs() {
        return thread.nowNs();
    }

    /** For work that is to be short: it is tried at once, and added only if it is not done by the end of this slice. */
    public Slice attempt() {
        final long nowNs = thread.nowNs();
        final long endNs = nowNs + Math.min(STEP_BEFORE_NS, SLICE_NS - holds.heldNs(nowNs));
        return new Slice() {
            @Override
            public boolean isOver() {
                return thread.nowNs() - endNs >= 0;
            }

            @Override
            public boolean mayBegin() {
                return !isOver();
            }
        };
    }

    /** How long tasks hold the thread. */
    public HoldMeter holds() {
        return holds;
    }

    /** Tasks in progress. */
    public int size() {
        return tasks.size();
    }

    private void turn() {
        isScheduled = false;
        fill(thread.nowNs());
        beginSlice();
        run();
    }

    private void beginSlice() {
        takenNs = 0;
        isEnded = false;
    }

    private void run() {
        isRunning = true;
        turnNs = thread.nowNs();
        heldNs = holds.heldNs(turnNs);
        holds.begin(turnNs);
        while (!tasks.isEmpty() && !slice.isOver()) {
            final Task task = tasks.poll();
            if (!advance(task)) {
                // what needs a slice of its own begins the next one
                if (isEnded || task.goesFirst()) {
                    tasks.addFirst(task);
                } else {
                    tasks.add(task);
                }
            }
        }
        isRunning = false;
        pausedNs = thread.nowNs();
        holds.end(pausedNs);
        creditNs -= pausedNs - turnNs;
        takenNs += pausedNs - turnNs;
        if (!tasks.isEmpty()) {
            schedule();
        }
    }

    /** The thread's time in this slice up to now; what precedes a slice in the same task is a part of it. */
    private long spentNs() {
        return Math.max(takenNs, heldNs) + thread.nowNs() - turnNs;
    }

    private boolean advance(final Task task) {
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
