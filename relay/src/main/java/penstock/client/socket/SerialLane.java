package penstock.client.socket;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs tasks one after another on an executor that may have several threads: what they touch has one owner at a time.
 * It gives the executor back after the tasks that waited, so that others on it have their turn.
 *
 * <p>Any thread.
 */
public final class SerialLane implements Executor, Runnable {
    private final Executor executor;
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean isScheduled;
    private boolean isOver;
    private volatile Thread owner;

    /** Runs tasks on {@code executor}. */
    public SerialLane(final Executor executor) {
        this.executor = executor;
    }

    /** Whether the caller is one of the tasks. */
    public boolean isInside() {
        return owner == Thread.currentThread();
    }

    /** Runs {@code task} now if the caller is one of the tasks, else after those that wait. */
    public void enter(final Runnable task) {
        if (isInside()) {
            task.run();
        } else {
            execute(task);
        }
    }

    @Override
    public void execute(final Runnable task) {
        synchronized (tasks) {
            if (isOver) {
                return;
            }
            tasks.add(task);
            if (isScheduled) {
                return;
            }
            isScheduled = true;
        }
        schedule();
    }

    /** An executor that was shut down runs nothing more: what waits is dropped. */
    private void schedule() {
        try {
            executor.execute(this);
        } catch (final RejectedExecutionException shutDown) {
            synchronized (tasks) {
                isOver = true;
                tasks.clear();
            }
        }
    }

    /** The tasks that wait now. */
    @Override
    public void run() {
        int left;
        synchronized (tasks) {
            left = tasks.size();
        }
        owner = Thread.currentThread();
        try {
            for (; left > 0; left--) {
                run(next());
            }
        } finally {
            owner = null;
            finish();
        }
    }

    private Runnable next() {
        synchronized (tasks) {
            return tasks.remove();
        }
    }

    private void finish() {
        synchronized (tasks) {
            isScheduled = !tasks.isEmpty();
            if (!isScheduled) {
                return;
            }
        }
        schedule();
    }

    /** A fault of a user's code is the user's: what else there is goes on. */
    public static void run(final Runnable task) {
        try {
            task.run();
        } catch (final RuntimeException | Error fault) {
            report(fault);
        }
    }

    /** As the thread reports what no one catches. */
    public static void report(final Throwable fault) {
        final Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, fault);
    }
}
