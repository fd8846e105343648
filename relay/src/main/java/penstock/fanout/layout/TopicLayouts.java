package penstock.fanout.layout;

import org.agrona.collections.Long2ObjectHashMap;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;

/**
 * The layouts of the tables of a shard's subscriptions: equal subscriptions find the layout that is there. Each is
 * accounted once. Owned by the shard's io thread.
 */
public final class TopicLayouts {
    private final MemoryShare memory;
    private final Long2ObjectHashMap<TopicLayout> byHash = new Long2ObjectHashMap<>();

    /** Accounts the layouts and the tables in {@code memory}. */
    public TopicLayouts(final MemoryShare memory) {
        this.memory = memory;
    }

    /** What the layouts and the tables are accounted in. */
    public MemoryShare memory() {
        return memory;
    }

    /** Begins to look for a layout. */
    public LayoutSearch search() {
        return new LayoutSearch(this);
    }

    /** One more user of the layout of these topics, which is made if there is none. */
    public TopicLayout take(final int[] topics, final int count) {
        try (LayoutSearch search = search()) {
            search.find(topics, count).advance(() -> false);
            search.make().advance(() -> false);
            return search.take();
        }
    }

    /** A new layout, and its first user. */
    void add(final TopicLayout layout) {
        memory.reserve(MemoryUse.SUBSCRIPTIONS, layout.bytes());
        byHash.putIfAbsent(layout.hash(), layout);
        layout.addUsers(1);
    }

    /** The layout with that hash, or null. */
    TopicLayout withHash(final long hash) {
        return byHash.get(hash);
    }

    /** One user less; without users the layout is forgotten. */
    public void release(final TopicLayout layout) {
        if (layout.addUsers(-1) == 0) {
            byHash.remove(layout.hash(), layout);
            memory.release(MemoryUse.SUBSCRIPTIONS, layout.bytes());
        }
    }

    /** Adds a topic behind the others. */
    public void append(final TopicLayout layout, final int topic) {
        byHash.remove(layout.hash(), layout);
        final long before = layout.bytes();
        layout.append(topic);
        memory.reserve(MemoryUse.SUBSCRIPTIONS, layout.bytes() - before);
        byHash.putIfAbsent(layout.hash(), layout);
    }
}
