package penstock.oracle.relays;

import penstock.lease.SimulatedLease;
import penstock.oracle.Timeline;

/** The lease thread of a simulated process. One thread. */
record ProcessLeaseThread(SimulatedProcess process, Timeline.Actor actor) implements SimulatedLease.Thread {
    @Override
    public void execute(final Runnable task) {
        actor.execute(task);
    }

    @Override
    public void executeAfter(final Runnable task, final long delayNs) {
        actor.executeAfter(task, delayNs);
    }

    @Override
    public long nowNs() {
        return process.timeline.nowNs();
    }

    @Override
    public long epochMs() {
        return process.epochUs(nowNs()) / 1_000;
    }
}
