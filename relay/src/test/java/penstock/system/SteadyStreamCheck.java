package penstock.system;

import java.util.Arrays;
import java.util.List;
import penstock.testkit.RunningClock;

/**
 * Looks at subscribers all along, for the longest time that any of them was without an update. Time in which a look is
 * overdue is not counted: then this process, of which the relay is a part, was not given the machine.
 * {@link #longestNs} counts that too.
 */
final class SteadyStreamCheck {
    private final List<Subscriber> subscribers;
    private final long[] updates;
    private final long[] changedNs;
    private final long[] changedRanNs;
    private final RunningClock clock;
    private volatile long longestNs;
    private volatile long longestRanNs;

    SteadyStreamCheck(final List<Subscriber> subscribers) {
        this.subscribers = List.copyOf(subscribers);
        updates = new long[subscribers.size()];
        changedNs = new long[subscribers.size()];
        changedRanNs = new long[subscribers.size()];
        Arrays.fill(changedNs, System.nanoTime());
        clock = new RunningClock(this::look);
    }

    long longestNs() {
        return longestNs;
    }

    /** Without overdue updates. */
    long longestRanNs() {
        return longestRanNs;
    }

    void stop() {
        clock.close();
    }

    private void look(final long nowRanNs) {
        final long nowNs = System.nanoTime();
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
