package penstock.server.limit;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many sessions the clients of one address have, over all io threads. Only addresses with sessions are remembered.
 * Any thread.
 */
public final class AddressSessions {
    private volatile int max;
    private final Map<Long, Integer> counts = new ConcurrentHashMap<>();

    /** {@code max} sessions of each address; 0 = no limit. */
    public AddressSessions(final int max) {
        this.max = max;
    }

    /** Counts a session; false if the address has all it may have. */
    public boolean tryOpen(final InetAddress address) {
        final long network = ClientNetwork.of(address);
        // counted without a limit too: a reload may bring one
        final int count = counts.merge(network, 1, Integer::sum);
        final int limit = max;
        if (limit > 0 && count > limit) {
            close(address);
            return false;
        }
        return true;
    }

    /** A session that was counted ended. */
    public void close(final InetAddress address) {
        counts.computeIfPresent(ClientNetwork.of(address), (network, count) -> count == 1 ? null : count - 1);
    }

    /** From the next session on. */
    public void max(final int next) {
        max = next;
    }

    /** Sessions of each address at most; 0 = no limit. */
    public int max() {
        return max;
    }

    /** Addresses with sessions. */
    public int size() {
        return counts.size();
    }
}
