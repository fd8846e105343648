package penstock.feed;

import org.agrona.collections.Object2IntCounterMap;

/**
 * How many topics the clients of each address have brought: the first address that names a topic brings it, until the
 * topic has no interest. So one address cannot take all places, however many sessions it has. What an edge names
 * is of no address (empty), and has no limit here. Owned by the feed thread.
 */
final class DemandShares {
    private final int max;
    private final Object2IntCounterMap<String> topics = new Object2IntCounterMap<>(0);

    /** {@code max} topics for an address, 0 = no limit. */
    DemandShares(final int max) {
        this.max = max;
    }

    boolean hasRoom(final String client) {
        return max == 0 || client.isEmpty() || topics.get(client) < max;
    }

    void add(final String client) {
        topics.incrementAndGet(client);
    }

    void remove(final String client) {
        topics.decrementAndGet(client);
    }
}
