package penstock.fanout;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/** An io thread that is turned by hand, with a clock that stands still until it is advanced. */
final class HandTurnedThread implements ShardThread {
    private record Delayed(long atNs, long order, Runnable task) {
    }

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Delayed> delayed =
        new PriorityQueue<>(Comparator.comparingLong(Delayed::atNs).thenComparingLong(Delayed::order));
    private long nowNs;
    private long order;

    HandTurnedThread(final long startNs) {
        nowNs = startNs;
    }

    @Override
    public void execute(final Runnable task) {
        tasks.add(task);
    }

    @Override
    public void executeAfter(final Runnable task, final long delayMs) {
        delayed.add(new Delayed(nowNs + delayMs * 1_000_000, order++, task));
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public long epochUs(final long atNs) {
        return 1_700_000_000_000_000L + atNs / 1000;
    }

    /** What runs now takes that long. */
    void spendNs(final long ns) {
        nowNs += ns;
    }

    /** Tasks that wait for their time. */
    int delayedCount() {
        return delayed.size();
    }

    /** Runs what there is to run now. */
    void run() {
        boolean ran = true;
        while (ran) {
            ran = false;
            while (!tasks.isEmpty()) {
                tasks.poll().run();
                ran = true;
            }
            while (!delayed.isEmpty() && delayed.peek().atNs <= nowNs) {
                tasks.add(delayed.poll().task);
                ran = true;
            }
        }
    }

    /** Lets time pass, running each task at its time. */
    void advanceMs(final long ms) {
        final long endNs = nowNs + ms * 1_000_000;
        run();
        while (!delayed.isEmpty() && delayed.peek().atNs <= endNs) {
            nowNs = Math.max(nowNs, delayed.peek().atNs);
            run();
        }
        nowNs = endNs;
        run();
    }
}
