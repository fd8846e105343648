package penstock.oracle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Virtual time, and the threads of the relay as actors that take turns on one real thread: chance picks who runs the
 * next task, so one seed is one interleaving. Tasks of an actor run in order, one at a time. One thread.
 */
public final class Timeline {
    private static final int MOST_TASKS_AT_ONCE = 2_000_000;

    private final Random random;
    private final PriorityQueue<Task> later =
        new PriorityQueue<>(Comparator.<Task>comparingLong(task -> task.atNs).thenComparingLong(task -> task.number));
    private final List<Actor> actors = new ArrayList<>();
    private long nowNs = 7_000_000_000L;
    private long number;

    /** A task for later; it may be cancelled until it runs. */
    public static final class Task {
        private final long atNs;
        private final long number;
        private final Actor actor;
        private Runnable run;

        private Task(final long atNs, final long number, final Actor actor, final Runnable run) {
            this.atNs = atNs;
            this.number = number;
            this.actor = actor;
            this.run = run;
        }

        /** It does not run. */
        public void cancel() {
            run = null;
        }
    }

    /** A thread of the relay, or the world outside. */
    public final class Actor {
        private final ArrayDeque<Task> ready = new ArrayDeque<>();
        private long stalledUntilNs;

        /** Runs {@code task} behind those that are ready. */
        public void execute(final Runnable task) {
            ready.add(new Task(nowNs, number++, this, task));
        }

        /** Runs {@code task} then, behind those that are ready. */
        public Task executeAfter(final Runnable task, final long delayNs) {
            final Task entry = new Task(nowNs + delayNs, number++, this, task);
            later.add(entry);
            return entry;
        }

        /** It runs nothing for so long. */
        public void stall(final long ns) {
            stalledUntilNs = Math.max(stalledUntilNs, nowNs + ns);
        }

        /** When it runs again. */
        public long stalledUntilNs() {
            return stalledUntilNs;
        }

        private boolean canRun() {
            return !ready.isEmpty() && stalledUntilNs <= nowNs;
        }
    }

    /** {@code random} picks who runs next. */
    public Timeline(final Random random) {
        this.random = random;
    }

    /** One more thread. */
    public Actor newActor() {
        final Actor actor = new Actor();
        actors.add(actor);
        return actor;
    }

    /** Monotonic time. */
    public long nowNs() {
        return nowNs;
    }

    /** A task takes so long; the others wait for the time after it. */
    public void spend(final long ns) {
        nowNs += ns;
    }

    /** Runs everything that is due by then. */
    public void advance(final long ns) {
        final long untilNs = nowNs + ns;
        for (int i = 0; i < MOST_TASKS_AT_ONCE; i++) {
            while (!later.isEmpty() && later.peek().atNs <= nowNs) {
                final Task due = later.poll();
                due.actor.ready.add(due);
            }
            final Actor actor = pick();
            if (actor != null) {
                final Runnable run = actor.ready.poll().run;
                if (run != null) {
                    run.run();
                }
                continue;
            }
            final long next = nextNs();
            if (next > untilNs) {
                nowNs = Math.max(nowNs, untilNs);
                return;
            }
            nowNs = Math.max(nowNs, next);
        }
        throw new AssertionError("tasks add tasks without an end");
    }

    private Actor pick() {
        int able = 0;
        for (final Actor actor : actors) {
            able += actor.canRun() ? 1 : 0;
        }
        if (able == 0) {
            return null;
        }
        int chosen = able == 1 ? 0 : random.nextInt(able);
        for (final Actor actor : actors) {
            if (actor.canRun() && chosen-- == 0) {
                return actor;
            }
        }
        throw new AssertionError();
    }

    private long nextNs() {
        long next = later.isEmpty() ? Long.MAX_VALUE : later.peek().atNs;
        for (final Actor actor : actors) {
            if (!actor.ready.isEmpty()) {
                next = Math.min(next, actor.stalledUntilNs);
            }
        }
        return next;
    }
}
