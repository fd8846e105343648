package penstock.audit;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * The last 10,000 sessions that ended; each takes some 180 bytes, and makes no garbage: an object of each would get
 * into the old generation of the heap and die there, 10,000 ends later. Any thread; nothing waits. A reader may see a
 * newer session in the place of one that it asks for, and then takes it for gone.
 */
public final class EndedSessions {
    /** How many are kept. */
    public static final int KEPT = 10_000;

    private static final int BLOCKS = (KEPT + EndedBlock.SESSIONS - 1) / EndedBlock.SESSIONS;

    /** Made when the first session gets there: a relay with few clients needs few. */
    private final AtomicReferenceArray<EndedBlock> blocks = new AtomicReferenceArray<>(BLOCKS);
    private final AtomicLong count = new AtomicLong();
    private final LongSupplier epochMs;

    /** {@code epochMs}: the wall clock. */
    EndedSessions(final LongSupplier epochMs) {
        this.epochMs = epochMs;
    }

    void add(final SessionRecord session, final Termination end, final long lastedNs, final long updates,
            final long bytes) {
        final long number = count.incrementAndGet();
        final EndedBlock block = block(number);
        final int place = placeInBlock(number);
        // in the same place for another one only if 10,000 others ended since it began: one of the two is not kept
        if (block.begin(place, number)) {
            block.set(place, session, end);
            block.setFigures(place, epochMs.getAsLong(), lastedNs, updates, bytes);
            block.end(place, number);
        }
    }

    /** How many sessions have ended: the number of the newest one. */
    public long count() {
        return count.get();
    }

    /** The session of a number; null if it is not kept any more, or not yet. */
    public EndedSession get(final long number) {
        final EndedBlock block = number < 1 ? null : blocks.get(blockOf(number));
        final int place = placeInBlock(number);
        if (block == null || !block.has(place, number)) {
            return null;
        }
        final EndedSession found = block.read(place, number);
        VarHandle.acquireFence();
        // what was read while another one was written is of neither
        return block.has(place, number) ? found : null;
    }

    private EndedBlock block(final long number) {
        final int index = blockOf(number);
        if (blocks.get(index) == null) {
            blocks.compareAndSet(index, null, new EndedBlock());
        }
        return blocks.get(index);
    }

    private static int blockOf(final long number) {
        return (int) (number % KEPT) / EndedBlock.SESSIONS;
    }

    private static int placeInBlock(final long number) {
        return (int) (number % KEPT) % EndedBlock.SESSIONS;
    }
}
