package penstock.server.tls;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/**
 * The memory of parts of TLS records of one io thread: those that have arrived, or those that wait for the socket. When
 * there is none left, the connection that has held its part for the longest time is closed.
 *
 * <p>Owned by the io thread.
 */
final class HeldRecords {
    private final MemoryShare memory;
    private final MemoryUse use;
    private final Counters counters;
    private final Counter cut;
    private final long limit;
    /** Bytes by connection, the longest held first. */
    private final Map<Runnable, Integer> holders = new LinkedHashMap<>();
    private long bytes;

    private HeldRecords(final MemoryShare memory, final MemoryUse use, final Counters counters, final Counter cut,
            final long limit) {
        this.memory = memory;
        this.use = use;
        this.counters = counters;
        this.cut = cut;
        this.limit = limit;
    }

    /** Records that arrived in part, accounted as half messages, of whose memory they take a half at most. */
    static HeldRecords received(final MemoryShare memory, final Counters counters) {
        return new HeldRecords(memory, MemoryUse.PARTIAL_MESSAGES, counters, Counter.HALF_MESSAGES_CUT,
            memory.limit(MemoryUse.PARTIAL_MESSAGES) / 2);
    }

    /** Records that the socket took in part, accounted as answers that clients have not read. */
    static HeldRecords unsent(final MemoryShare memory, final Counters counters) {
        return new HeldRecords(memory, MemoryUse.RESPONSES, counters, Counter.TLS_UNSENT_CUT,
            memory.limit(MemoryUse.RESPONSES));
    }

    /** Accounts {@code count} bytes to the connection that {@code close} closes; false if there is no room. */
    boolean tryHold(final Runnable close, final int count) {
        while (count > limit - bytes || !memory.tryReserve(use, count)) {
            final Iterator<Runnable> oldest = holders.keySet().iterator();
            counters.increment(cut);
            if (!oldest.hasNext()) {
                return false;
            }
            final Runnable closed = oldest.next();
            release(closed);
            closed.run();
        }
        bytes += count;
        holders.merge(close, count, Integer::sum);
        return true;
    }

    /** Whether more than half of the memory is in use. */
    boolean isScarce() {
        return memory.used(use) > limit / 2;
    }

    /** The connection holds nothing any more. */
    void release(final Runnable close) {
        final Integer count = holders.remove(close);
        if (count != null) {
            bytes -= count;
            memory.release(use, count);
        }
    }
}
