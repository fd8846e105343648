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
import penstock.time.FeedClock;
import penstock.time.SlidingWindow;
import penstock.venue.spec.SubscribeSpec;

/**
 * Which topics are wanted, and by how many: the first wish for one begins it, and a while after the last is gone it
 * ends. Several topics may come with one subscription of the venue. Owned by the feed thread.
 */
final class InterestTracker {
    private final FeedClock clock;
    private final long lingerMs;
    private final int most;
    private final Owner owner;
    private final Map<Wish, Count> counts = new HashMap<>();
    /** Those that there is no room for now, in their order. */
    private final Map<Wish, Count> tooMany = new LinkedHashMap<>();
    private final Map<SubscribeSpec.Item, List<Wish>> byItem = new LinkedHashMap<>();
    private final Queue<Lingering> lingering = new ArrayDeque<>();
    private FeedClock.Timer timer;

    /** A topic by its names. */
    record Wish(int channel, String symbol) {
    }

    private record Lingering(Wish wish, Count count, long endNs) {
    }

    private static final class Count {
        private final SubscribeSpec.Item item;
        private int wishes;
        private long lingersUntilNs;

        private Count(final SubscribeSpec.Item item) {
            this.item = item;
        }
    }

    /** Who gets what is wanted. */
    interface Owner {
        /** What the venue is asked for to get it, null when it can never be asked. */
        SubscribeSpec.Item item(Wish wish);

        /** More is wanted than may be; begun as soon as others are not wanted any more. */
        void onTooMany(Wish wish);

        /** These topics are wanted, and for them these subscriptions. */
        void onWanted(Collection<Wish> wishes, Collection<SubscribeSpec.Item> items);

        /** These topics are wanted no more, nor these subscriptions. */
        void onUnwanted(Collection<Wish> wishes, Collection<SubscribeSpec.Item> items);
    }

    /** {@code most}: topics that may be wanted at a time. */
    InterestTracker(final FeedClock clock, final long lingerMs, final int most, final Owner owner) {
        this.clock = clock;
        this.lingerMs = lingerMs;
        this.most = most;
        this.owner = owner;
    }

    /** One more wants these. */
    void want(final Collection<Wish> wishes) {
        final List<Wish> news = new ArrayList<>();
        final List<SubscribeSpec.Item> items = new ArrayList<>();
        for (final Wish wish : wishes) {
            final Count known = counts.getOrDefault(wish, tooMany.get(wish));
            final Count count = known == null ? begin(wish, news, items) : known;
            if (count != null) {
                count.wishes++;
            }
        }
        if (!news.isEmpty()) {
            owner.onWanted(news, items);
        }
    }

    /** One less does; who wanted what can never be had is not counted. */
    void unwant(final Collection<Wish> wishes) {
        final long endNs = clock.nowNs() + lingerMs * 1_000_000;
        for (final Wish wish : wishes) {
            final Count waiting = tooMany.get(wish);
            if (waiting != null && --waiting.wishes == 0) {
                tooMany.remove(wish);
            }
            final Count count = counts.get(wish);
            if (count != null && count.wishes > 0 && --count.wishes == 0) {
                count.lingersUntilNs = endNs;
                lingering.add(new Lingering(wish, count, endNs));
            }
        }
        if (timer == null) {
            onLingered();
        }
    }

    /** The topics that a subscription is for. */
    List<Wish> of(final SubscribeSpec.Item item) {
        return byItem.getOrDefault(item, List.of());
    }

    /** How many topics are wanted, or were just now. */
    int size() {
        return counts.size();
    }

    void stop() {
        lingering.clear();
        tooMany.clear();
        if (timer != null) {
            timer.cancel();
        }
    }

    private Count begin(final Wish wish, final List<Wish> news, final List<SubscribeSpec.Item> items) {
        final SubscribeSpec.Item item = owner.item(wish);
        if (item == null) {
            return null;
        }
        final Count count = new Count(item);
        if (counts.size() < most) {
            begin(wish, count, news, items);
        } else {
            tooMany.put(wish, count);
            owner.onTooMany(wish);
        }
        return count;
    }

    private void begin(final Wish wish, final Count count, final List<Wish> news,
            final List<SubscribeSpec.Item> items) {
        final SubscribeSpec.Item item = count.item;
        counts.put(wish, count);
        news.add(wish);
        if (!byItem.containsKey(item)) {
            items.add(item);
        }
        byItem.computeIfAbsent(item, i -> new ArrayList<>(1)).add(wish);
    }

    /** There is room again. */
    private void beginWaiting() {
        final List<Wish> news = new ArrayList<>();
        final List<SubscribeSpec.Item> items = new ArrayList<>();
        final Iterator<Map.Entry<Wish, Count>> waiting = tooMany.entrySet().iterator();
        while (waiting.hasNext() && counts.size() < most) {
            final Map.Entry<Wish, Count> next = waiting.next();
            waiting.remove();
            begin(next.getKey(), next.getValue(), news, items);
        }
        if (!news.isEmpty()) {
            owner.onWanted(news, items);
        }
    }

    private void onLingered() {
        timer = null;
        final List<Wish> gone = new ArrayList<>();
        final List<SubscribeSpec.Item> items = new ArrayList<>();
        final long nowNs = clock.nowNs();
        while (!lingering.isEmpty() && lingering.peek().endNs() - nowNs <= 0) {
            final Lingering each = lingering.remove();
            // one that was wanted again meanwhile, and is not any more, lingers anew
            if (each.count().wishes == 0 && each.count().lingersUntilNs == each.endNs()
                    && counts.remove(each.wish(), each.count())) {
                gone.add(each.wish());
                end(each, items);
            }
        }
        if (!lingering.isEmpty()) {
            timer = clock.executeAfter(this::onLingered, SlidingWindow.timerMs(lingering.peek().endNs() - nowNs));
        }
        if (!gone.isEmpty()) {
            owner.onUnwanted(gone, items);
            beginWaiting();
        }
    }

    private void end(final Lingering each, final List<SubscribeSpec.Item> items) {
        final List<Wish> together = byItem.get(each.count().item);
        together.remove(each.wish());
        if (together.isEmpty()) {
            byItem.remove(each.count().item);
            items.add(each.count().item);
        }
    }
}
