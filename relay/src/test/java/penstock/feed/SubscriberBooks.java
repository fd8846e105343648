package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.ring.FeedState;
import penstock.ring.LevelBuffer;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TopicState;
import penstock.ring.UpdateKind;
import penstock.venue.TrueBook;

/** The books that a subscriber would build from the ring, and which of them are stale. */
final class SubscriberBooks implements TickHandler {
    /** One book. */
    static final class Entry {
        final TrueBook book = new TrueBook(Integer.MAX_VALUE);
        boolean isStale = true;
        boolean hasBegun;
        int staleCount;
        int liveCount;

        private void stale() {
            staleCount += isStale ? 0 : 1;
            isStale = true;
        }

        private void live() {
            liveCount += isStale ? 1 : 0;
            isStale = false;
        }
    }

    private final Map<String, Entry> bySymbol = new HashMap<>();
    private final Map<Integer, Entry> byTopic = new HashMap<>();
    private final LevelBuffer levels = new LevelBuffer();

    /** The book of a symbol; an unknown one is stale and empty. */
    Entry of(final String symbol) {
        return bySymbol.computeIfAbsent(symbol, s -> new Entry());
    }

    @Override
    public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
            final int length, final long sinceQ) {
        byTopic.put(topic, of(new String(payloads, offset, length, StandardCharsets.UTF_8)));
    }

    @Override
    public void onValue(final Tick tick, final byte[] payloads) {
        final Entry entry = byTopic.get(tick.topic());
        if (tick.kind() == UpdateKind.SNAPSHOT) {
            entry.book.clear();
            entry.hasBegun = true;
        }
        final List<TrueBook.Level> changes = new ArrayList<>();
        levels.wrap(payloads, tick.offset(), tick.length());
        while (levels.next()) {
            final String size = digits(payloads, levels.sizeOffset(), levels.sizeLength());
            changes.add(new TrueBook.Level(levels.side() == LevelBuffer.BID,
                digits(payloads, levels.priceOffset(), levels.priceLength()),
                levels.isRemoval() ? "0" : size.replace("-", "")));
        }
        entry.book.apply(changes);
        entry.live();
    }

    @Override
    public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        if (state == TopicState.LIVE) {
            byTopic.get(topic).live();
        } else {
            byTopic.get(topic).stale();
        }
    }

    /** Without the quotes. */
    private static String digits(final byte[] bytes, final int offset, final int length) {
        return new String(bytes, offset, length, StandardCharsets.UTF_8).replace("\"", "");
    }

    /** A book without a newer value than this is stale. */
    @Override
    public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        if (state == FeedState.STALE || state == FeedState.CLOSED) {
            bySymbol.values().forEach(Entry::stale);
        }
    }
}
