package penstock.time;

import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that a test turns; timers fire on the thread that turns it, in the order of their time. */
public final class HandClock implements FeedClock {
    private record Waiting(long atNs, long number, Runnable task) {
    }

    private final PriorityQueue<Waiting> timers = new PriorityQueue<>(Comparator.comparingLong(Waiting::atNs)
        .thenComparingLong(Waiting::number));
    private long nowNs = 7_000_000_000L;
    private long number;

    public void advance(final long ms) {
        final long untilNs = nowNs + ms * 1_000_000;
        while (!timers.isEmpty() && timers.peek().atNs() <= untilNs) {
            final Waiting next = timers.poll();
            nowNs = Math.max(nowNs, next.atNs());
            next.task().run();
        }
        nowNs = untilNs;
    }

    public int timerCount() {
        return timers.size();
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public long epochUs() {
        return 1_795_197_922_000_000L + nowNs / 1000;
    }

    @Override
    public Timer executeAfter(final Runnable task, final long delayMs) {
        final Waiting waiting = new Waiting(nowNs + delayMs * 1_000_000, number++, task);
        timers.add(waiting);
        return () -> timers.remove(waiting);
    }

    @Override
    public void execute(final Runnable task) {
        task.run();
    }
}
