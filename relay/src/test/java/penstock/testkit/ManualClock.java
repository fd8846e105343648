package penstock.testkit;

import penstock.time.FeedClock;

/** A feed clock that a test advances. Timers fire on the advancing thread, in the order of their time. */
public final class ManualClock implements FeedClock {
    private static final long EPOCH_US = 1_795_197_922_000_000L;

    private final long epochUs;
    private final ManualSchedule schedule = new ManualSchedule(7_000_000_000L);

    /** A clock whose wall shows a day in November 2026. */
    public ManualClock() {
        this(EPOCH_US + 7_000_000);
    }

    /** A clock whose wall shows this time, in µs since 1970 UTC. */
    public ManualClock(final long nowUs) {
        epochUs = nowUs - 7_000_000;
    }

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
        return epochUs + schedule.nowNs() / 1000;
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
