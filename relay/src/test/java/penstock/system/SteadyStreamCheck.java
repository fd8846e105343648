package penstock.system;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks at subscribers all along, for the longest time that any of them was without an update. Time in which a look is
 * overdue is not counted: then this process, of which the relay is a part, was not given the machine.
 * {@link #longestNs} counts that too.
 */
final class SteadyStreamCheck {
    private static final long EVERY_MS = 20;
    private static final long OVERDUE_NS = 100_000_000;

    private final List<Subscriber> subscribers;
    private final long[] updates;
    private final long[] changedNs;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final long[] changedRanNs;
    private long lookedNs = System.nanoTime();
    private volatile long ranNs;
    private volatile long longestNs;
    private volatile long longestRanNs;

    SteadyStreamCheck(final List<Subscriber> subscribers) {
        this.subscribers = List.copyOf(subscribers);
        updates = new long[subscribers.size()];
        changedNs = new long[subscribers.size()];
        changedRanNs = new long[subscribers.size()];
        Arrays.fill(changedNs, lookedNs);
        clock.scheduleAtFixedRate(this::look, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    long longestNs() {
        return longestNs;
    }

    /** Without overdue updates. */
    long longestRanNs() {
        return longestRanNs;
    }

    /** A clock that stands still while this process does, in steps of 20 ms. */
    long ranNs() {
        return ranNs;
    }

    void stop() throws InterruptedException {
        clock.shutdown();
        clock.awaitTermination(1, TimeUnit.SECONDS);
    }

    private void look() {
        final long nowNs = System.nanoTime();
        final long nowRanNs = ranNs + Math.min(nowNs - lookedNs, OVERDUE_NS);
        lookedNs = nowNs;
        ranNs = nowRanNs;
        for (int i = 0; i < updates.length; i++) {
            longestNs = Math.max(longestNs, nowNs - changedNs[i]);
            longestRanNs = Math.max(longestRanNs, nowRanNs - changedRanNs[i]);
            if (subscribers.get(i).updates != updates[i]) {
                updates[i] = subscribers.get(i).updates;
                changedNs[i] = nowNs;
                changedRanNs[i] = nowRanNs;
            }
        }
    }
}
