package penstock.usage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import penstock.thread.ThreadOwner;

/**
 * Counts the usage of one io thread's sessions. What was counted goes into a batch, and the batch into a place of one:
 * either the writer takes it from there, or the io thread takes it back and adds more. So the io thread never waits,
 * nothing is dropped, and the memory is that of the keys. Owned by its io thread, {@link #take} aside.
 */
public final class UsageRecorder {
    private final ThreadOwner owner = new ThreadOwner();
    private final MonthOfTime months = new MonthOfTime();
    private final List<UsageMeter> meters = new ArrayList<>();
    private final AtomicReference<UsageBatch> handed = new AtomicReference<>();
    private final UsageSettings settings;
    private final ConcurrentSessions sessions;
    private int next;

    UsageRecorder(final UsageSettings settings, final ConcurrentSessions sessions) {
        this.settings = settings;
        this.sessions = sessions;
    }

    /**
     * A session begins to use a product.
     *
     * @param device an address, or what the client calls itself
     * @param nowMs  milliseconds since 1970
     * @throws IllegalArgumentException if {@code device} has over {@value Licence#MAX_CHARS} characters
     */
    public UsageMeter open(final Licence licence, final String device, final long nowMs) {
        assert owner.check();
        final UsageMeter meter = new UsageMeter(this, new UsageKey(licence, device), nowMs);
        sessions.add(meter.key());
        meter.index(meters.size());
        meters.add(meter);
        final UsageBatch batch = takeBack();
        meter.handOver(batch, months, sessions, nowMs);
        handed.set(batch);
        return meter;
    }

    /** An answer to a request, which is no session, had {@code images} images of a product. */
    public void count(final Licence licence, final String device, final int images, final long nowMs) {
        assert owner.check();
        final UsageBatch batch = takeBack();
        batch.tally(new UsageKey(licence, device), months.of(nowMs)).addUse(0, images, nowMs, nowMs);
        handed.set(batch);
    }

    /**
     * Hands over what at most {@code most} meters counted since the last time.
     *
     * @return true at the end of a round; false if meters are left for the next call
     */
    public boolean handOver(final long nowMs, final int most) {
        assert owner.check();
        // downwards: a meter that takes the place of a closed one was handed over before, or comes again
        next = next == 0 ? meters.size() : Math.min(next, meters.size());
        final int end = Math.max(0, next - most);
        final UsageBatch batch = takeBack();
        while (next > end) {
            meters.get(--next).handOver(batch, months, sessions, nowMs);
        }
        handed.set(batch);
        return next == 0;
    }

    /** When to begin the next round: at the next multiple of the interval, and at the end of a month. */
    public long nextHandOverMs(final long nowMs) {
        final long intervalMs = settings.intervalMs();
        return Math.min((Math.floorDiv(nowMs, intervalMs) + 1) * intervalMs, months.lastMs(nowMs) + 1);
    }

    void close(final UsageMeter meter, final long nowMs) {
        assert owner.check();
        final UsageBatch batch = takeBack();
        meter.handOver(batch, months, sessions, nowMs);
        handed.set(batch);
        sessions.remove(meter.key());
        final UsageMeter last = meters.remove(meters.size() - 1);
        if (last != meter) {
            meters.set(meter.index(), last);
            last.index(meter.index());
        }
    }

    /** What was handed over, or null; called by the writer. */
    UsageBatch take() {
        return handed.getAndSet(null);
    }

    private UsageBatch takeBack() {
        final UsageBatch waiting = handed.getAndSet(null);
        return waiting == null ? new UsageBatch(settings.maxKeys()) : waiting;
    }
}
