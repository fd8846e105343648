package penstock.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;
import penstock.thread.ThreadOwner;

/**
 * The part of the memory limits that one io thread may use. Memory is accounted before it is allocated, in bytes of
 * heap; what does not fit is refused to the client that asks for it.
 *
 * <p>Owned by the io thread; any thread may read how much is used.
 */
public final class MemoryShare {
    private static final VarHandle USED = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int USES = MemoryUse.values().length;

    private final ThreadOwner owner = new ThreadOwner();
    /** Replaced as a whole. */
    private volatile long[] limits;
    private final int threads;
    private final long[] used = new long[USES];

    /**
     * The share of one of {@code threads} threads in the limits of the relay.
     *
     * @param limits bytes by use, for the whole relay; a use without an entry has no limit
     */
    public MemoryShare(final Map<MemoryUse, Long> limits, final int threads) {
        this.threads = threads;
        follow(limits);
    }

    /** Other limits of the relay count from now on; what exceeds them is not taken away. Any thread. */
    public void follow(final Map<MemoryUse, Long> ofRelay) {
        final long[] next = new long[USES];
        for (final MemoryUse use : MemoryUse.values()) {
            next[use.ordinal()] = ofRelay.containsKey(use) ? ofRelay.get(use) / threads : Long.MAX_VALUE;
        }
        limits = next;
    }

    /** Without limits: for tools and tests. */
    public static MemoryShare unlimited() {
        return new MemoryShare(Map.of(), 1);
    }

    /** Reserves {@code bytes}; false, and nothing is reserved, if they do not fit. */
    public boolean tryReserve(final MemoryUse use, final long bytes) {
        assert owner.check();
        assert bytes >= 0 : "a reservation is not negative: " + bytes;
        final long now = used[use.ordinal()];
        if (bytes > limits[use.ordinal()] - now) {
            return false;
        }
        USED.setRelease(used, use.ordinal(), now + bytes);
        return true;
    }

    /** True if {@code bytes} fit now. */
    public boolean fits(final MemoryUse use, final long bytes) {
        assert owner.check();
        return bytes <= limits[use.ordinal()] - used[use.ordinal()];
    }

    /**
     * Reserves {@code bytes} of which {@link #fits} was true before, or which the feed makes the relay hold for clients
     * that are there: these may exceed the limit, and new requests are refused until they fit again.
     */
    public void reserve(final MemoryUse use, final long bytes) {
        assert owner.check();
        assert bytes >= 0 : "a reservation is not negative: " + bytes;
        USED.setRelease(used, use.ordinal(), used[use.ordinal()] + bytes);
    }

    /** Returns {@code bytes} that were reserved. */
    public void release(final MemoryUse use, final long bytes) {
        assert owner.check();
        final long left = used[use.ordinal()] - bytes;
        assert bytes >= 0 && left >= 0 : use + ": " + bytes + " bytes released, " + used[use.ordinal()] + " reserved";
        USED.setRelease(used, use.ordinal(), left);
    }

    /** The limit of this thread. */
    public long limit(final MemoryUse use) {
        return limits[use.ordinal()];
    }

    /** Bytes reserved now. Any thread. */
    public long used(final MemoryUse use) {
        return (long) USED.getAcquire(used, use.ordinal());
    }
}
