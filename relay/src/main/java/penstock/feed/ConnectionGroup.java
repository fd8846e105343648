package penstock.feed;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import penstock.venue.spec.SubscribeSpec;

/**
 * One connection and the items it subscribes to, or two connections that subscribe to the same, of which the first
 * arrival of each update counts. A feed has several groups when it needs more items than the venue sends over one
 * connection. Owned by the feed thread.
 */
final class ConnectionGroup {
    private final AssignedItems items;
    private final List<FeedConnection> connections = new ArrayList<>(2);

    ConnectionGroup(final AssignedItems items) {
        this.items = items;
    }

    /** Before it is started. */
    void add(final FeedConnection connection) {
        if (!connections.isEmpty()) {
            connections.get(0).lines().pairWith(connection.lines());
        }
        connections.add(connection);
    }

    int number() {
        return items.group();
    }

    AssignedItems items() {
        return items;
    }

    List<FeedConnection> connections() {
        return connections;
    }

    boolean isLive() {
        for (int i = 0; i < connections.size(); i++) {
            if (connections.get(i).isLive()) {
                return true;
            }
        }
        return false;
    }

    /** Whether another live connection of the group misses nothing of a topic. */
    boolean isBackedUp(final FeedConnection connection, final int topic) {
        return connections.stream()
            .anyMatch(other -> other != connection && other.isLive() && other.isComplete(topic));
    }

    void subscribe(final Collection<SubscribeSpec.Item> added) {
        items.add(added);
        connections.forEach(connection -> connection.subscribe(added));
    }

    void unsubscribe(final Collection<SubscribeSpec.Item> removed) {
        items.remove(removed);
        connections.forEach(connection -> connection.unsubscribe(removed));
    }

    /** The venue says that one connection carries no more than the items that are left without these. */
    void limitWithout(final Collection<SubscribeSpec.Item> removed) {
        items.remove(removed);
        items.limitToPresent();
        connections.forEach(connection -> connection.unsubscribe(removed));
    }

    /** A symbol is subscribed to after a pause. */
    void restart(final int channel, final byte[] symbol, final int topic) {
        connections.forEach(connection -> connection.restart(channel, symbol, topic));
    }

    /** A topic is no longer subscribed to, or was rejected. */
    void forgetTopic(final int topic) {
        connections.forEach(connection -> connection.forgetTopic(topic));
    }
}
