package penstock.feed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import penstock.time.FeedClock;
import penstock.time.SingleTimer;
import penstock.time.SlidingWindow;
import penstock.venue.spec.SubscribeSpec;

/**
 * Counts the interest in each topic: the first subscriber adds the topic, and some time after the last one has left the
 * topic is removed; until then it lingers. Several topics may share one item of the venue. Owned by the feed thread.
 */
final class InterestTracker {
    private final FeedClock clock;
    private final long lingerMs;
    private final int maxTopics;
    private final Function<TopicKey, SubscribeSpec.Item> items;
    private final Consumer<Change> onChange;
    private final Map<TopicKey, Interest> interests = new HashMap<>();
    /** Topics over the limit, in the order of their arrival. */
    private final Map<TopicKey, Interest> excess = new LinkedHashMap<>();
    private final Map<SubscribeSpec.Item, List<TopicKey>> keysByItem = new LinkedHashMap<>();
    private final Queue<Lingering> lingering = new ArrayDeque<>();
    private final SingleTimer timer;

    /**
     * A change of the topics with interest, to be applied in this order.
     *
     * @param rejected     topics over the limit; added as soon as others are removed
     * @param removed      topics that nothing needs any more
     * @param removedItems items that no topic needs any more
     * @param added        topics with interest that had none before
     * @param addedItems   items that they need and no other topic needed before
     */
    record Change(List<TopicKey> rejected, List<TopicKey> removed, List<SubscribeSpec.Item> removedItems,
            List<TopicKey> added, List<SubscribeSpec.Item> addedItems) {
        Change() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        private boolean isEmpty() {
            return rejected.isEmpty() && removed.isEmpty() && added.isEmpty();
        }
    }

    private record Lingering(TopicKey key, Interest interest, long endNs) {
    }

    private static final class Interest {
        private final SubscribeSpec.Item item;
        private int count;
        private long lingersUntilNs;

        private Interest(final SubscribeSpec.Item item) {
            this.item = item;
        }
    }

    /**
     * No interest yet.
     *
     * @param items    the item that brings a topic, null if there is none
     * @param onChange applies changes
     */
    InterestTracker(final FeedClock clock, final long lingerMs, final int maxTopics,
            final Function<TopicKey, SubscribeSpec.Item> items, final Consumer<Change> onChange) {
        this.clock = clock;
        timer = new SingleTimer(clock);
        this.lingerMs = lingerMs;
        this.maxTopics = maxTopics;
        this.items = items;
        this.onChange = onChange;
    }

    /** One more subscriber of these topics. */
    void add(final Collection<TopicKey> keys) {
        final Change change = new Change();
        for (final TopicKey key : keys) {
            final Interest known = interests.getOrDefault(key, excess.get(key));
            final Interest interest = known == null ? begin(key, change) : known;
            if (interest != null) {
                interest.count++;
            }
        }
        apply(change);
    }

    /** One subscriber of these topics less; topics without an item are not counted. */
    void remove(final Collection<TopicKey> keys) {
        final long endNs = clock.nowNs() + lingerMs * 1_000_000;
        for (final TopicKey key : keys) {
            final Interest waiting = excess.get(key);
            if (waiting != null && --waiting.count == 0) {
                excess.remove(key);
            }
            final Interest interest = interests.get(key);
            if (interest != null && interest.count > 0 && --interest.count == 0) {
                interest.lingersUntilNs = endNs;
                lingering.add(new Lingering(key, interest, endNs));
            }
        }
        if (!timer.isSet()) {
            onLingered();
        }
    }

    /** The topics that need an item. */
    List<TopicKey> keys(final SubscribeSpec.Item item) {
        return keysByItem.getOrDefault(item, List.of());
    }

    /** The number of topics with interest, lingering ones included. */
    int size() {
        return interests.size();
    }

    void stop() {
        lingering.clear();
        excess.clear();
        timer.cancel();
    }

    private Interest begin(final TopicKey key, final Change change) {
        final SubscribeSpec.Item item = items.apply(key);
        if (item == null) {
            return null;
        }
        final Interest interest = new Interest(item);
        if (interests.size() < maxTopics) {
            begin(key, interest, change);
        } else {
            excess.put(key, interest);
            change.rejected.add(key);
        }
        return interest;
    }

    private void begin(final TopicKey key, final Interest interest, final Change change) {
        interests.put(key, interest);
        change.added.add(key);
        if (!keysByItem.containsKey(interest.item)) {
            change.addedItems.add(interest.item);
        }
        keysByItem.computeIfAbsent(interest.item, i -> new ArrayList<>(1)).add(key);
    }

    private void beginExcess(final Change change) {
        final Iterator<Map.Entry<TopicKey, Interest>> waiting = excess.entrySet().iterator();
        while (waiting.hasNext() && interests.size() < maxTopics) {
            final Map.Entry<TopicKey, Interest> next = waiting.next();
            waiting.remove();
            begin(next.getKey(), next.getValue(), change);
        }
    }

    private void onLingered() {
        final Change change = new Change();
        final long nowNs = clock.nowNs();
        while (!lingering.isEmpty() && lingering.peek().endNs() - nowNs <= 0) {
            final Lingering next = lingering.remove();
            // a topic that had interest again meanwhile lingers from the end of that
            if (next.interest().count == 0 && next.interest().lingersUntilNs == next.endNs()
                    && interests.remove(next.key(), next.interest())) {
                end(next, change);
            }
        }
        if (!lingering.isEmpty()) {
            timer.set(this::onLingered, SlidingWindow.timerMs(lingering.peek().endNs() - nowNs));
        }
        if (!change.removed.isEmpty()) {
            beginExcess(change);
        }
        apply(change);
    }

    private void end(final Lingering ended, final Change change) {
        change.removed.add(ended.key());
        final List<TopicKey> sharing = keysByItem.get(ended.interest().item);
        sharing.remove(ended.key());
        if (sharing.isEmpty()) {
            keysByItem.remove(ended.interest().item);
            change.removedItems.add(ended.interest().item);
        }
    }

    private void apply(final Change change) {
        if (!change.isEmpty()) {
            onChange.accept(change);
        }
    }
}
