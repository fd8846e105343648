package penstock.oracle.relays;

import java.util.ArrayList;
import java.util.List;
import penstock.oracle.MarketTopic;
import penstock.oracle.Timeline;

/** A process with its threads and its wall clock, which pauses and is killed as a whole. One thread. */
final class SimulatedProcess {
    /** Whoever wakes up does by then what is long due. */
    static final long WAKE_NS = 50_000_000;
    private static final long EVER_NS = Long.MAX_VALUE / 4;

    final String name;
    final Timeline timeline;
    private final List<Timeline.Actor> threads = new ArrayList<>();
    private long pausedUntilNs;
    private long stepUs;
    private boolean isDead;

    SimulatedProcess(final String name, final Timeline timeline, final long stepUs) {
        this.name = name;
        this.timeline = timeline;
        this.stepUs = stepUs;
    }

    Timeline.Actor newThread() {
        final Timeline.Actor thread = timeline.newActor();
        threads.add(thread);
        return thread;
    }

    /** It runs nothing for so long; its clocks go on. */
    void pause(final long ns) {
        pausedUntilNs = Math.max(pausedUntilNs, timeline.nowNs() + ns);
        threads.forEach(thread -> thread.stall(ns));
    }

    /** It runs nothing any more. */
    void kill() {
        isDead = true;
        threads.forEach(thread -> thread.stall(EVER_NS));
    }

    boolean isDead() {
        return isDead;
    }

    boolean isPaused() {
        return timeline.nowNs() < pausedUntilNs;
    }

    /** Whether it runs, and has run for long enough to do what was due while it stood still. */
    boolean isAwake() {
        return !isDead && timeline.nowNs() >= pausedUntilNs + WAKE_NS;
    }

    long pausedUntilNs() {
        return pausedUntilNs;
    }

    /** Its wall clock is set. */
    void stepClock(final long byUs) {
        stepUs += byUs;
    }

    long clockStepUs() {
        return stepUs;
    }

    /** Its wall clock at a monotonic time. */
    long epochUs(final long atNs) {
        return MarketTopic.BASE_US + stepUs + atNs / 1_000;
    }

    @Override
    public String toString() {
        return name;
    }
}
