package penstock.feed;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import penstock.venue.spec.SubscribeSpec;

/**
 * The connection groups of a feed, and which items each of them subscribes to: those of its address that it has room
 * for, where items that one topic needs together stay together. Opens groups as they are needed. Owned by the feed
 * thread.
 */
final class ConnectionGroups {
    private final FeedPlan plan;
    private final BiFunction<Integer, String, ConnectionGroup> newGroup;
    private final InterestTracker interest;
    private final List<ConnectionGroup> groups = new ArrayList<>();
    private final List<ConnectionGroup> view = Collections.unmodifiableList(groups);
    private boolean isStopped;

    /**
     * None yet.
     *
     * @param newGroup makes the group of a number, with its connections to the address of a name, not started
     * @param interest knows which items a topic needs together
     */
    ConnectionGroups(final FeedPlan plan, final BiFunction<Integer, String, ConnectionGroup> newGroup,
            final InterestTracker interest) {
        this.plan = plan;
        this.newGroup = newGroup;
        this.interest = interest;
    }

    /** In the order of their numbers. */
    List<ConnectionGroup> all() {
        return view;
    }

    ConnectionGroup get(final int number) {
        return groups.get(number);
    }

    /** Opens the first group, and one to each address where the venue sends without being asked. */
    void openFirst() {
        for (final String address : plan.addressNames()) {
            if (groups.isEmpty() || plan.venue().subscribe().isUnsupported()) {
                open(address);
            }
        }
    }

    /** Gives nothing more to any group, and opens none. */
    void stop() {
        isStopped = true;
    }

    /**
     * Gives items to the groups; {@code subscribe} makes a group subscribe to them. Returns those without room on any
     * connection.
     */
    Collection<SubscribeSpec.Item> assign(final Collection<SubscribeSpec.Item> items,
            final BiConsumer<ConnectionGroup, List<SubscribeSpec.Item>> subscribe) {
        final Set<SubscribeSpec.Item> left = new LinkedHashSet<>(items);
        for (int i = 0; i <= groups.size() && !left.isEmpty() && !isStopped; i++) {
            if (i == groups.size()) {
                left.stream().map(this::address).filter(this::hasRoomForGroup).findFirst().ifPresent(this::open);
            }
            if (i < groups.size()) {
                final Set<SubscribeSpec.Item> fit = fitting(left, groups.get(i));
                left.removeAll(fit);
                if (!fit.isEmpty()) {
                    subscribe.accept(groups.get(i), List.copyOf(fit));
                }
            }
        }
        return left;
    }

    private Set<SubscribeSpec.Item> fitting(final Collection<SubscribeSpec.Item> items, final ConnectionGroup group) {
        final Set<SubscribeSpec.Item> fit = new LinkedHashSet<>();
        final int room = group.items().room();
        for (final SubscribeSpec.Item item : items) {
            if (fit.size() == room) {
                break;
            }
            final Set<SubscribeSpec.Item> together = interest.together(item);
            if (address(item).equals(group.items().address())
                    && (together.size() == 1 || !isElsewhere(together, group))) {
                together.removeAll(group.items().all());
                together.removeAll(fit);
                if (fit.size() + together.size() <= room) {
                    fit.addAll(together);
                }
            }
        }
        return fit;
    }

    private boolean isElsewhere(final Set<SubscribeSpec.Item> items, final ConnectionGroup group) {
        return groups.stream()
            .anyMatch(other -> other != group && items.stream().anyMatch(other.items().all()::contains));
    }

    private String address(final SubscribeSpec.Item item) {
        return plan.addresses().name(item.address());
    }

    private boolean hasRoomForGroup(final String address) {
        return groups.stream().filter(group -> group.items().address().equals(address)).count() < plan.maxGroups();
    }

    private void open(final String address) {
        final ConnectionGroup group = newGroup.apply(groups.size(), address);
        groups.add(group);
        group.connections().forEach(FeedConnection::connect);
    }
}
