package penstock.server.limit;

import java.net.InetAddress;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * How many handshakes the clients of one address, and all clients, may send per second. A second's worth may come at
 * once. An address has one of a fixed number of slots, so that no number of addresses takes memory; two that share a
 * slot share its rate. Each process spreads them in another way, so that no client can choose a slot.
 *
 * <p>Any thread: a slot is one number, the time when its rate would be used up to now. The limits hold over all io
 * threads.
 */
public final class HandshakeRates {
    private static final int SLOTS = 1 << 16;
    private static final long BURST_NS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier clockNs;
    private final long startNs;
    private final long seed = ThreadLocalRandom.current().nextLong() | 1;
    private final int perAddress;
    private final int inAll;
    private final AtomicLongArray addresses;
    private final AtomicLong all = new AtomicLong();

    /** Handshakes per second of an address and in all, 0 = no limit, by a monotonic clock. */
    public HandshakeRates(final int perAddress, final int inAll, final LongSupplier clockNs) {
        this.perAddress = perAddress;
        this.inAll = inAll;
        this.clockNs = clockNs;
        startNs = clockNs.getAsLong();
        addresses = new AtomicLongArray(perAddress > 0 ? SLOTS : 0);
    }

    /** Counts a handshake and returns 0, or how many ms the client is to wait. */
    public long waitMs(final InetAddress address) {
        final long nowNs = clockNs.getAsLong() - startNs;
        final int slot = slot(ClientNetwork.of(address));
        long waitNs = 0;
        if (perAddress > 0) {
            long usedNs = addresses.get(slot);
            waitNs = waitNs(usedNs, nowNs, perAddress);
            while (waitNs == 0 && !addresses.compareAndSet(slot, usedNs, next(usedNs, nowNs, perAddress))) {
                usedNs = addresses.get(slot);
                waitNs = waitNs(usedNs, nowNs, perAddress);
            }
        }
        if (waitNs == 0 && inAll > 0) {
            long usedNs = all.get();
            waitNs = waitNs(usedNs, nowNs, inAll);
            while (waitNs == 0 && !all.compareAndSet(usedNs, next(usedNs, nowNs, inAll))) {
                usedNs = all.get();
                waitNs = waitNs(usedNs, nowNs, inAll);
            }
        }
        return (waitNs + 999_999) / 1_000_000;
    }

    private static long waitNs(final long usedNs, final long nowNs, final int perSecond) {
        return Math.max(0, usedNs - nowNs - BURST_NS + BURST_NS / perSecond);
    }

    private static long next(final long usedNs, final long nowNs, final int perSecond) {
        return Math.max(usedNs, nowNs) + BURST_NS / perSecond;
    }

    /** The upper bits of a product depend on all bits of the network. */
    private int slot(final long network) {
        final long mixed = (network ^ network >>> 29 ^ seed) * 0x9e37_79b9_7f4a_7c15L;
        return (int) ((mixed ^ mixed >>> 32) * seed >>> Long.SIZE - 16);
    }
}
