package penstock.fanout.subscription;

import java.util.Arrays;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/**
 * Refuses a request whose memory does not fit the limits of the shard, before it changes anything, and holds what fits
 * for it. Owned by the shard's io thread.
 */
final class MemoryCheck {
    private static final int RETRY_AFTER_MS = 5_000;

    private final MemoryShare memory;
    private final Counters counters;

    MemoryCheck(final MemoryShare memory, final Counters counters) {
        this.memory = memory;
        this.counters = counters;
    }

    /**
     * Checks {@code bytes} more for one use.
     *
     * @param path the field of the request that needs them
     * @throws RequestException if they can never fit, or do not fit now
     */
    void check(final MemoryUse use, final long bytes, final String path, final String requestId)
            throws RequestException {
        if (memory.fits(use, bytes)) {
            return;
        }
        counters.increment(Counter.REQUESTS_OVER_MEMORY);
        if (bytes > memory.limit(use)) {
            throw new RequestException(ErrorCode.MEMORY_LIMIT, path, "this request takes " + bytes
                + " bytes of the relay's memory for " + use.key() + ", which is limited to " + memory.limit(use)
                + ": ask for less", requestId);
        }
        throw RequestException.memoryFull(path, "the relay's memory for " + use.key() + " is full: " + memory.used(use)
            + " of " + memory.limit(use) + " bytes are in use, and this request takes " + bytes, requestId,
            RETRY_AFTER_MS);
    }

    /**
     * The memory that a request was allowed and has not taken yet. While the request waits for its next slice it counts
     * as used, so that others do not take it.
     */
    final class Hold {
        private static final MemoryUse[] USES = MemoryUse.values();

        private final long[] left = new long[USES.length];
        private final long[] before = new long[USES.length];
        private boolean isReserved;

        /** Holds {@code bytes} that fit, from the end of this slice on. */
        void allow(final MemoryUse use, final long bytes) {
            left[use.ordinal()] = bytes;
            before[use.ordinal()] = memory.used(use);
        }

        /** A slice begins, in which the request may take what is held. */
        void onSlice() {
            release();
            for (final MemoryUse use : USES) {
                before[use.ordinal()] = memory.used(use);
            }
        }

        /** The slice is over: the rest is held. */
        void onPause() {
            isReserved = true;
            for (final MemoryUse use : USES) {
                final long taken = Math.max(0, memory.used(use) - before[use.ordinal()]);
                left[use.ordinal()] = Math.max(0, left[use.ordinal()] - taken);
                memory.reserve(use, left[use.ordinal()]);
            }
        }

        /** The request is over. */
        void end() {
            release();
            Arrays.fill(left, 0);
        }

        private void release() {
            for (final MemoryUse use : isReserved ? USES : new MemoryUse[0]) {
                memory.release(use, left[use.ordinal()]);
            }
            isReserved = false;
        }
    }
}
