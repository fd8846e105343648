package penstock.testkit;

import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that stands still until a test moves it, and the tasks that are scheduled on it. One thread. */
final class ManualSchedule {
    /** A task and its time; {@code number} keeps tasks of the same time in the order in which they were scheduled. */
    record Entry(long atNs, long number, Runnable task) {
    }

    private final PriorityQueue<Entry> entries =
        new PriorityQueue<>(Comparator.comparingLong(Entry::atNs).thenComparingLong(Entry::number));
    private long nowNs;
    private long number;

    ManualSchedule(final long startNs) {
        nowNs = startNs;
    }

    long nowNs() {
        return nowNs;
    }

    int size() {
        return entries.size();
    }

    Entry add(final Runnable task, final long delayMs) {
        final Entry entry = new Entry(nowNs + delayMs * 1_000_000, number++, task);
        entries.add(entry);
        return entry;
    }

    void remove(final Entry entry) {
        entries.remove(entry);
    }

    /** Time of the first task; {@link Long#MAX_VALUE} if there is none. */
    long nextNs() {
        return entries.isEmpty() ? Long.MAX_VALUE : entries.peek().atNs;
    }

    /** Moves the clock without running anything. */
    void moveTo(final long ns) {
        nowNs = Math.max(nowNs, ns);
    }

    /** Removes the first task that is due by then and moves the clock to its time; null if there is none. */
    Runnable pollUntil(final long untilNs) {
        if (entries.isEmpty() || entries.peek().atNs > untilNs) {
            return null;
        }
        moveTo(entries.peek().atNs);
        return entries.poll().task;
    }
}
