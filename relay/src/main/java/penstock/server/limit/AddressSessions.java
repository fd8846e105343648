package penstock.server.limit;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many sessions the clients of one address have, over all io threads. Only addresses with sessions are remembered.
 * Any thread.
 */
public final class AddressSessions {
    private final int max;
    private final Map<Long, Integer> counts = new ConcurrentHashMap<>();

    /** {@code max} sessions of each address; 0 = no limit. */
    public AddressSessions(final int max) {
        this.max = max;
    }

    /** Counts a session; false if the address has all it may have. */
    public boolean tryOpen(final InetAddress address) {
        final long network = ClientNetwork.of(address);
        if (max > 0 && counts.merge(network, 1, Integer::sum) > max) {
            close(address);
            return false;
        }
        return true;
    }

    /** A session that was counted ended. */
    public void close(final InetAddress address) {
        if (max > 0) {
            counts.computeIfPresent(ClientNetwork.of(address), (network, count) -> count == 1 ? null : count - 1);
        }
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
