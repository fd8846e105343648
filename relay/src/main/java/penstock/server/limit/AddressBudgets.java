package penstock.server.limit;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import penstock.fanout.schedule.ShardClock;
import penstock.thread.ThreadOwner;

/**
 * How much work the clients of one address may ask of an io thread: a token bucket of two seconds' worth for each
 * address. The unit is one topic in an answer, about a microsecond. The
 * table is bounded: the address that asked for nothing for the longest time is forgotten first. The hosts of an IPv6
 * network (/64) share a budget, because one host has all its addresses.
 *
 * <p>Owned by the io thread.
 */
public final class AddressBudgets {
    private static final int MAX_ADDRESSES = 4_096;
    private static final int BURST_SECONDS = 2;
    private static final double NS_PER_S = 1e9;

    private static final class Bucket {
        private double units;
        private long filledNs;
    }

    private final ThreadOwner owner = new ThreadOwner();
    private final ShardClock clock;
    private volatile double perSecond;
    private final Map<Long, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<Long, Bucket> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /** {@code perSecond} units for each address; 0 = no limit. */
    public AddressBudgets(final ShardClock clock, final double perSecond) {
        this.clock = clock;
        this.perSecond = perSecond;
    }

    /** From the next work on; 0 = no limit. Any thread. */
    public void perSecond(final double units) {
        perSecond = units;
    }

    /**
     * Takes {@code units} from the budget of an address and returns 0, or takes nothing and returns how many ms the
     * client is to wait. Work that costs more than a full budget is allowed when the budget is full: the address then
     * waits longer for its next work.
     */
    public long waitMs(final SocketAddress peer, final double units) {
        assert owner.check();
        final double rate = perSecond;
        if (rate == 0 || !(peer instanceof InetSocketAddress address) || address.getAddress() == null) {
            return 0;
        }
        final double full = BURST_SECONDS * rate;
        final long nowNs = clock.nowNs();
        final Bucket bucket = buckets.computeIfAbsent(ClientNetwork.of(address.getAddress()), key -> {
            final Bucket created = new Bucket();
            created.units = full;
            created.filledNs = nowNs;
            return created;
        });
        bucket.units = Math.min(full, bucket.units + (nowNs - bucket.filledNs) / NS_PER_S * rate);
        bucket.filledNs = nowNs;
        final double needed = Math.min(units, full);
        if (bucket.units >= needed) {
            bucket.units -= units;
            return 0;
        }
        return Math.max(1, (long) Math.ceil((needed - bucket.units) / rate * 1_000));
    }

    /** Takes more than was asked for at first; the address waits longer for its next work. */
    public void take(final SocketAddress peer, final double units) {
        giveBack(peer, -units);
    }

    /** Gives back what was taken and not needed. */
    public void giveBack(final SocketAddress peer, final double units) {
        assert owner.check();
        final Bucket bucket = peer instanceof InetSocketAddress address && address.getAddress() != null
            ? buckets.get(ClientNetwork.of(address.getAddress())) : null;
        if (bucket != null) {
            bucket.units = Math.min(BURST_SECONDS * perSecond, bucket.units + units);
        }
    }

    /** Addresses that are remembered. */
    public int size() {
        return buckets.size();
    }
}
