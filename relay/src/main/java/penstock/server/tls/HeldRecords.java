package penstock.server.tls;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/**
 * The memory of half TLS records of one io thread, accounted as half messages, of whose memory it takes a half at most.
 * When there is none left, the connection that has held its half record for the longest time is closed.
 *
 * <p>Owned by the io thread.
 */
final class HeldRecords {
    private final MemoryShare memory;
    private final Counters counters;
    private final long limit;
    /** Bytes by connection, the longest held first. */
    private final Map<Runnable, Integer> holders = new LinkedHashMap<>();
    private long bytes;

    HeldRecords(final MemoryShare memory, final Counters counters) {
        this.memory = memory;
        this.counters = counters;
        limit = memory.limit(MemoryUse.PARTIAL_MESSAGES) / 2;
    }

    /** Accounts {@code count} bytes to the connection that {@code close} closes; false if there is no room. */
    boolean tryHold(final Runnable close, final int count) {
        while (count > limit - bytes || !memory.tryReserve(MemoryUse.PARTIAL_MESSAGES, count)) {
            final Iterator<Runnable> oldest = holders.keySet().iterator();
            counters.increment(Counter.HALF_MESSAGES_CUT);
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

    /** The connection holds nothing any more. */
    void release(final Runnable close) {
        final Integer count = holders.remove(close);
        if (count != null) {
            bytes -= count;
            memory.release(MemoryUse.PARTIAL_MESSAGES, count);
        }
    }
}
