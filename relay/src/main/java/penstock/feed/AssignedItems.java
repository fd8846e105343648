package penstock.feed;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import penstock.feed.request.SubscriptionListener;
import penstock.venue.spec.SubscribeSpec;

/** The items that one connection group subscribes to, and how many more it can carry. Owned by the feed thread. */
final class AssignedItems {
    private final int group;
    private final String address;
    private final int maxCapacity;
    private final boolean isIdleAllowed;
    private final SubscriptionListener outcomes;
    private final Set<SubscribeSpec.Item> items = new LinkedHashSet<>();
    private int capacity;

    /**
     * No items yet.
     *
     * @param group         the number of the group
     * @param address       the name of the address that it connects to
     * @param maxCapacity   the items that one connection carries
     * @param isIdleAllowed an empty group is not a fault
     * @param outcomes      learns of the venue's answers
     */
    AssignedItems(final int group, final String address, final int maxCapacity, final boolean isIdleAllowed,
            final SubscriptionListener outcomes) {
        this.group = group;
        this.address = address;
        this.maxCapacity = maxCapacity;
        this.isIdleAllowed = isIdleAllowed;
        this.outcomes = outcomes;
        capacity = maxCapacity;
    }

    int group() {
        return group;
    }

    String address() {
        return address;
    }

    SubscriptionListener outcomes() {
        return outcomes;
    }

    Set<SubscribeSpec.Item> all() {
        return Collections.unmodifiableSet(items);
    }

    int room() {
        return Math.max(0, capacity - items.size());
    }

    /** True if the group has no items and that is allowed. */
    boolean isIdle() {
        return items.isEmpty() && (isIdleAllowed || capacity < maxCapacity);
    }

    /** If true, an empty group counts as live; otherwise it is merely unused. */
    boolean isIdleAllowed() {
        return isIdleAllowed;
    }

    void add(final Collection<SubscribeSpec.Item> more) {
        items.addAll(more);
    }

    void remove(final Collection<SubscribeSpec.Item> removed) {
        removed.forEach(items::remove);
    }

    /** The venue accepts no more on one connection than the present items. */
    void limitToPresent() {
        capacity = items.size();
    }

    /** A connection of the group has ended: the next one may carry more again. */
    void onDisconnected() {
        if (!items.isEmpty() || isIdleAllowed) {
            capacity = maxCapacity;
        }
    }
}
