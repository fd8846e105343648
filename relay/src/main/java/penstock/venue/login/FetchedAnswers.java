package penstock.venue.login;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import penstock.time.RateSpec;

/**
 * The answers of a feed's requests before logins, while they may be used again, and how often each was sent: one for
 * all connections. Any thread.
 */
public final class FetchedAnswers {
    private final Map<String, Slot> slots = new HashMap<>();

    /** Of one request. The owner holds the lock: a second login waits for the answer to the first. */
    static final class Slot {
        private final ReentrantLock lock = new ReentrantLock();
        private final Deque<Long> sentNs = new ArrayDeque<>();
        /** Null if the next login sends the request again. */
        private volatile Kept kept;

        private record Kept(Map<String, String> values, long untilNs) {
        }

        void lock() throws InterruptedException {
            lock.lockInterruptibly();
        }

        void unlock() {
            lock.unlock();
        }

        /** The values of the last answer, null if they may not be used. */
        Map<String, String> values(final long nowNs) {
            final Kept last = kept;
            return last != null && nowNs - last.untilNs() < 0 ? last.values() : null;
        }

        /** They may be used for that long. */
        void put(final Map<String, String> fetched, final long nowNs, final long forMs) {
            kept = new Kept(Map.copyOf(fetched), nowNs + forMs * 1_000_000);
        }

        /** Takes a permit and returns 0, or returns the time until there is one in ms. */
        long takeOrWaitMs(final RateSpec rate, final long nowNs) {
            final long windowNs = rate.perMs() * 1_000_000;
            while (!sentNs.isEmpty() && nowNs - sentNs.peekFirst() > windowNs) {
                sentNs.removeFirst();
            }
            final long spacingNs = sentNs.isEmpty() ? 0 : sentNs.peekLast() + rate.spacingMs() * 1_000_000 - nowNs;
            final long fullNs = sentNs.size() < rate.permits() ? 0 : sentNs.peekFirst() + windowNs + 1 - nowNs;
            final long waitNs = Math.max(spacingNs, fullNs);
            if (waitNs <= 0) {
                sentNs.addLast(nowNs);
                return 0;
            }
            return (waitNs + 999_999) / 1_000_000;
        }
    }

    Slot slot(final String name) {
        synchronized (slots) {
            return slots.computeIfAbsent(name, each -> new Slot());
        }
    }

    /** The venue did not take a login: no answer is used again. Waits for no request. */
    void forget() {
        synchronized (slots) {
            slots.values().forEach(slot -> slot.kept = null);
        }
    }
}
