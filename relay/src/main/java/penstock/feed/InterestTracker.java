package penstock.feed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import penstock.time.FeedClock;
import penstock.time.SingleTimer;
import penstock.time.SlidingWindow;
import penstock.venue.spec.SubscribeSpec;

/**
 * Counts the interest in each topic: the first subscriber adds the topic, and some time after the last one has left the
 * topic is removed; until then it lingers. Several topics may share one item of the venue. Topics that cannot be served
 * are refused, and remembered while a subscriber wants them: they may be served later. Owned by the feed thread.
 */
final class InterestTracker {
    private static final String OVER_THE_LIMIT = "more is wanted than feed.max-symbols allows";
    private static final String OVER_THE_SHARE =
        "the clients of one address want more than feed.max-symbols-per-address allows";

    private final FeedClock clock;
    private final long lingerMs;
    private final IntSupplier maxTopics;
    private final DemandShares shares;
    private final Function<TopicKey, Supply> supplies;
    private final Consumer<Change> onChange;
    private final Map<TopicKey, Interest> interests = new HashMap<>();
    /** Topics over the limit, in the order of their arrival. */
    private final Map<TopicKey, Interest> excess = new LinkedHashMap<>();
    /** Topics that the venue does not have. */
    private final Map<TopicKey, Interest> refused = new HashMap<>();
    private final Map<SubscribeSpec.Item, List<TopicKey>> keysByItem = new LinkedHashMap<>();
    private final Queue<Lingering> lingering = new ArrayDeque<>();
    private final SingleTimer timer;

    /**
     * How a topic can be served.
     *
     * @param items   the items of the venue that bring it together, none if it cannot be served
     * @param problem why it cannot be served, null if it can
     */
    record Supply(List<SubscribeSpec.Item> items, String problem) {
        static Supply of(final List<SubscribeSpec.Item> items) {
            return new Supply(items, null);
        }

        static Supply none(final String problem) {
            return new Supply(List.of(), problem);
        }
    }

    /**
     * A change of the topics with interest, to be applied in this order.
     *
     * @param refused      topics that cannot be served now, each with the reason
     * @param removed      topics that nothing needs any more
     * @param removedItems items that no topic needs any more
     * @param added        topics with interest that had none before, or were refused
     * @param addedItems   items that they need and no other topic needed before
     * @param wereRefused  those of {@code added} whose subscribers were notified that they cannot be served
     */
    record Change(Map<TopicKey, String> refused, List<TopicKey> removed, List<SubscribeSpec.Item> removedItems,
            List<TopicKey> added, List<SubscribeSpec.Item> addedItems, List<TopicKey> wereRefused) {
        Change() {
            this(new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
                new ArrayList<>());
        }

        private boolean isEmpty() {
            return refused.isEmpty() && removed.isEmpty() && added.isEmpty();
        }
    }

    private record Lingering(TopicKey key, Interest interest, long endNs) {
    }

    private static final class Interest {
        private List<SubscribeSpec.Item> items;
        /** The network of the client that brought it. */
        private String client;
        private int count;
        private long lingersUntilNs;

        private Interest(final List<SubscribeSpec.Item> items, final String client) {
            this.items = items;
            this.client = client;
        }
    }

    /**
     * No interest yet.
     *
     * @param shares   of the topics that the clients of one address bring
     * @param supplies how a topic can be served
     * @param onChange applies changes
     */
    InterestTracker(final FeedClock clock, final long lingerMs, final IntSupplier maxTopics,
            final DemandShares shares, final Function<TopicKey, Supply> supplies, final Consumer<Change> onChange) {
        this.clock = clock;
        timer = new SingleTimer(clock);
        this.lingerMs = lingerMs;
        this.maxTopics = maxTopics;
        this.shares = shares;
        this.supplies = supplies;
        this.onChange = onChange;
    }

    /** One more subscriber of these topics, from the network {@code client}. */
    void add(final Collection<TopicKey> keys, final String client) {
        final Change change = new Change();
        for (final TopicKey key : keys) {
            final Interest known = interests.get(key);
            (known == null ? waiting(key, client, change) : known).count++;
        }
        apply(change);
    }

    /** One subscriber of these topics less. */
    void remove(final Collection<TopicKey> keys) {
        final long endNs = clock.nowNs() + lingerMs * 1_000_000;
        for (final TopicKey key : keys) {
            excess.computeIfPresent(key, (k, waiting) -> --waiting.count == 0 ? null : waiting);
            refused.computeIfPresent(key, (k, waiting) -> --waiting.count == 0 ? null : waiting);
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

    /** What the venue has is known better: topics that were refused may be served now. */
    void reconsider() {
        final Change change = new Change();
        final Iterator<Map.Entry<TopicKey, Interest>> each = refused.entrySet().iterator();
        while (each.hasNext()) {
            final Map.Entry<TopicKey, Interest> next = each.next();
            final Supply supply = supplies.apply(next.getKey());
            if (supply.problem() == null) {
                each.remove();
                next.getValue().items = supply.items();
                excess.put(next.getKey(), next.getValue());
            }
        }
        beginExcess(change);
        apply(change);
    }

    /** The topics that need an item. */
    List<TopicKey> keys(final SubscribeSpec.Item item) {
        return keysByItem.getOrDefault(item, List.of());
    }

    /** The items that must be on one connection with {@code item}, itself among them: a topic needs them together. */
    Set<SubscribeSpec.Item> together(final SubscribeSpec.Item item) {
        final Set<SubscribeSpec.Item> together = new LinkedHashSet<>();
        keys(item).forEach(key -> together.addAll(interests.get(key).items));
        together.add(item);
        return together;
    }

    /** Whether a topic with interest needs none of {@code items}. */
    boolean needsNone(final TopicKey key, final Set<SubscribeSpec.Item> items) {
        return interests.get(key).items.stream().noneMatch(items::contains);
    }

    /** The number of topics with interest, lingering ones included. */
    int size() {
        return interests.size();
    }

    void stop() {
        lingering.clear();
        excess.clear();
        refused.clear();
        timer.cancel();
    }

    /** A topic without interest, or one that was refused: each new subscriber of it has to learn that. */
    private Interest waiting(final TopicKey key, final String client, final Change change) {
        final Interest waiting = excess.get(key);
        if (waiting != null) {
            // what one address may not bring, another one may
            waiting.client = shares.hasRoom(waiting.client) ? waiting.client : client;
            if (hasRoom(waiting)) {
                excess.remove(key);
                change.wereRefused.add(key);
                begin(key, waiting, change);
            } else {
                change.refused.put(key, excessReason());
            }
            return waiting;
        }
        final Supply supply = supplies.apply(key);
        if (supply.problem() != null) {
            change.refused.put(key, supply.problem());
            return refused.computeIfAbsent(key, k -> new Interest(List.of(), client));
        }
        final Interest interest = new Interest(supply.items(), client);
        if (hasRoom(interest)) {
            begin(key, interest, change);
        } else {
            excess.put(key, interest);
            change.refused.put(key, excessReason());
        }
        return interest;
    }

    private boolean hasRoom(final Interest interest) {
        return interests.size() < maxTopics.getAsInt() && shares.hasRoom(interest.client);
    }

    private String excessReason() {
        return interests.size() < maxTopics.getAsInt() ? OVER_THE_SHARE : OVER_THE_LIMIT;
    }

    private void begin(final TopicKey key, final Interest interest, final Change change) {
        interests.put(key, interest);
        shares.add(interest.client);
        change.added.add(key);
        for (final SubscribeSpec.Item item : interest.items) {
            if (!keysByItem.containsKey(item)) {
                change.addedItems.add(item);
            }
            keysByItem.computeIfAbsent(item, i -> new ArrayList<>(1)).add(key);
        }
    }

    private void beginExcess(final Change change) {
        final Iterator<Map.Entry<TopicKey, Interest>> waiting = excess.entrySet().iterator();
        while (waiting.hasNext() && interests.size() < maxTopics.getAsInt()) {
            final Map.Entry<TopicKey, Interest> next = waiting.next();
            if (shares.hasRoom(next.getValue().client)) {
                waiting.remove();
                change.wereRefused.add(next.getKey());
                begin(next.getKey(), next.getValue(), change);
            }
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
        shares.remove(ended.interest().client);
        for (final SubscribeSpec.Item item : ended.interest().items) {
            final List<TopicKey> sharing = keysByItem.get(item);
            sharing.remove(ended.key());
            if (sharing.isEmpty()) {
                keysByItem.remove(item);
                change.removedItems.add(item);
            }
        }
    }

    private void apply(final Change change) {
        if (!change.isEmpty()) {
            onChange.accept(change);
        }
    }
}
