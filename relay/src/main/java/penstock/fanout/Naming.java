package penstock.fanout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import penstock.topic.TopicTable;

/**
 * By how many subscriptions of the shard a symbol is named, exactly: patterns ask for nothing. Tells the first and the last.
 * Owned by the shard.
 */
final class Naming {
    private final TopicTable topics;
    private final Demand demand;
    private final List<Map<String, Integer>> counts = new ArrayList<>();

    Naming(final TopicTable topics, final Demand demand) {
        this.topics = topics;
        this.demand = demand;
        topics.channels().forEach(channel -> counts.add(new HashMap<>()));
    }

    /** What a subscription names now; to be compared when it has changed. Nothing where nobody cares. */
    Set<String> names(final Subscription subscription) {
        if (demand == Demand.NONE || subscription == null || subscription.once || subscription.state == Subscription.State.ENDED) {
            return Set.of();
        }
        final Set<String> names = new HashSet<>(subscription.wanted.unknown());
        final HeldTopics held = subscription.held;
        for (int slot = 0; slot < held.slots(); slot++) {
            if (held.topic(slot) != HeldTopics.NONE && held.isByName(slot)) {
                names.add(topics.topic(held.topic(slot)).symbol());
            }
        }
        return names;
    }

    /** A subscription of that channel named some symbols before, and names others now. */
    void changed(final int channel, final Set<String> before, final Set<String> now) {
        if (demand == Demand.NONE) {
            return;
        }
        final Map<String, Integer> count = counts.get(channel);
        final List<String> first = new ArrayList<>();
        for (final String name : now) {
            if (!before.contains(name) && count.merge(name, 1, Integer::sum) == 1) {
                first.add(name);
            }
        }
        final List<String> last = new ArrayList<>();
        for (final String name : before) {
            if (!now.contains(name) && count.merge(name, -1, (was, less) -> was == 1 ? null : was + less) == null) {
                last.add(name);
            }
        }
        if (!first.isEmpty()) {
            demand.wanted(channel, first);
        }
        if (!last.isEmpty()) {
            demand.unwanted(channel, last);
        }
    }
}
