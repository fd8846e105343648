package penstock.testkit;

import penstock.time.FeedClock;

/** A feed clock that a test advances. Timers fire on the advancing thread, in the order of their time. */
public final class ManualClock implements FeedClock {
    private final ManualSchedule schedule = new ManualSchedule(7_000_000_000L);

    /** Advances the clock, firing each timer at its time. */
    public void advance(final long ms) {
        final long untilNs = schedule.nowNs() + ms * 1_000_000;
        for (Runnable task = schedule.pollUntil(untilNs); task != null; task = schedule.pollUntil(untilNs)) {
            task.run();
        }
        schedule.moveTo(untilNs);
    }

    /** Number of timers that have neither fired nor been cancelled. */
    public int timerCount() {
        return schedule.size();
    }

    @Override
    public long nowNs() {
        return schedule.nowNs();
    }

    @Override
    public long epochUs() {
        return 1_795_197_922_000_000L + schedule.nowNs() / 1000;
    }

    @Override
    public Timer executeAfter(final Runnable task, final long delayMs) {
        final ManualSchedule.Entry entry = schedule.add(task, delayMs);
        return () -> schedule.remove(entry);
    }

    @Override
    public void execute(final Runnable task) {
        task.run();
    }
}
