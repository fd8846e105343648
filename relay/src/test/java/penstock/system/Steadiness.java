package penstock.system;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks at subscribers all along, for the longest time that any of them was without an update. */
final class Steadiness {
    private static final long EVERY_MS = 20;

    private final List<Subscriber> subscribers;
    private final long[] updates;
    private final long[] changedNs;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private volatile long longestNs;

    Steadiness(final List<Subscriber> subscribers) {
        this.subscribers = List.copyOf(subscribers);
        updates = new long[subscribers.size()];
        changedNs = new long[subscribers.size()];
        Arrays.fill(changedNs, System.nanoTime());
        clock.scheduleAtFixedRate(this::look, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    long longestNs() {
        return longestNs;
    }

    void stop() throws InterruptedException {
        clock.shutdown();
        clock.awaitTermination(1, TimeUnit.SECONDS);
    }

    private void look() {
        final long nowNs = System.nanoTime();
        for (int i = 0; i < updates.length; i++) {
            longestNs = Math.max(longestNs, nowNs - changedNs[i]);
            if (subscribers.get(i).updates != updates[i]) {
                updates[i] = subscribers.get(i).updates;
                changedNs[i] = nowNs;
            }
        }
    }
}
