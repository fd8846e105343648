package penstock.audit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * The last 10,000 sessions that ended; each takes some hundred bytes. Any thread; nothing waits. A reader may see a
 * newer session in the place of one that it asks for, and then takes it for gone.
 */
public final class EndedSessions {
    /** How many are kept. */
    public static final int KEPT = 10_000;

    private final AtomicReferenceArray<EndedSession> places = new AtomicReferenceArray<>(KEPT);
    private final AtomicLong count = new AtomicLong();
    private final LongSupplier epochMs;

    /** {@code epochMs}: the wall clock. */
    EndedSessions(final LongSupplier epochMs) {
        this.epochMs = epochMs;
    }

    void add(final SessionRecord session, final Termination end, final long lastedNs, final long updates,
            final long bytes) {
        final long number = count.incrementAndGet();
        places.set((int) (number % KEPT),
            new EndedSession(number, session, end, epochMs.getAsLong(), lastedNs, updates, bytes));
    }

    /** How many sessions have ended: the number of the newest one. */
    public long count() {
        return count.get();
    }

    /** The session of a number; null if it is not kept any more, or not yet. */
    public EndedSession get(final long number) {
        final EndedSession found = number < 1 ? null : places.get((int) (number % KEPT));
        return found != null && found.number() == number ? found : null;
    }
}
