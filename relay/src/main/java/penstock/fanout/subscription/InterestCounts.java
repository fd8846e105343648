package penstock.fanout.subscription;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.ObjIntConsumer;
import org.agrona.collections.Object2IntCounterMap;
import penstock.ring.FeedIntroduction;
import penstock.ring.RelayedEpoch;
import penstock.topic.Channel;
import penstock.topic.Feed;
import penstock.topic.TopicTable;

/**
 * Counts how many subscriptions of a shard name each symbol exactly whose clients may see it. Symbols whose count
 * became positive or 0 are reported once per request, and not at all if the request leaves them as they were. Counts
 * nothing for a feed whose symbols are configured. Owned by the shard's io thread.
 */
public final class InterestCounts {
    /** The counts of one channel, and the symbols whose count became positive (true) or 0 since the last report. */
    private static final class SymbolCounts {
        private final Object2IntCounterMap<String> counts = new Object2IntCounterMap<>(0);
        private final Map<String, Boolean> changed = new LinkedHashMap<>();

        private void onCrossed(final String symbol, final boolean isPositive) {
            // a symbol that crosses twice is as it was
            if (changed.remove(symbol) == null) {
                changed.put(symbol, isPositive);
            }
        }

        private List<String> changed(final boolean isPositive) {
            return changed.entrySet().stream().filter(change -> change.getValue() == isPositive).map(Map.Entry::getKey)
                .toList();
        }
    }

    private final TopicTable topics;
    private SymbolCounts[] channels = {};
    /** By channel. */
    private Interest[] listeners = {};
    private boolean isChanged;
    private IntFunction<Interest> later = run -> Interest.NONE;

    /** For the channels of {@code topics}. */
    public InterestCounts(final TopicTable topics) {
        this.topics = topics;
        grow();
    }

    private void grow() {
        final int before = channels.length;
        channels = Arrays.copyOf(channels, topics.channels().size());
        listeners = Arrays.copyOf(listeners, channels.length);
        for (int i = before; i < channels.length; i++) {
            channels[i] = new SymbolCounts();
            listeners[i] = Interest.NONE;
        }
    }

    /** Who learns what is wanted of a feed on demand that comes later, by its run; before the first one comes. */
    public void reportLater(final IntFunction<Interest> byRun) {
        later = byRun;
    }

    /**
     * The venue is asked only for symbols that subscriptions name, and {@code listener} is notified of them; one
     * session names at most {@code maxSymbols}. Before the first request.
     */
    public void serveOnDemand(final Feed feed, final Interest listener, final int maxSymbols) {
        feed.serveOnDemand(maxSymbols);
        reportTo(topics.channels(feed), listener);
    }

    /** A feed came, or begins again: one that is on demand learns of all that is wanted of it now. */
    public void onFeed(final Feed feed, final int run) {
        grow();
        reportTo(topics.channels(feed), feed.isOnDemand() ? later.apply(run) : Interest.NONE);
        for (final Channel channel : topics.channels(feed)) {
            final SymbolCounts of = channels[channel.index()];
            final List<String> wanted = new ArrayList<>();
            of.counts.forEach((symbol, count) -> wanted.add(symbol));
            of.changed.clear();
            if (!wanted.isEmpty()) {
                listeners[channel.index()].onAdded(channel.index(), wanted, "");
            }
        }
    }

    /** The channels of another relay take the place of all channels; there is no subscription any more. */
    public void onEpoch(final RelayedEpoch begun) {
        channels = new SymbolCounts[0];
        listeners = new Interest[0];
        isChanged = false;
        grow();
        for (final FeedIntroduction each : begun.feeds()) {
            final Feed feed = topics.feeds().get(each.number());
            reportTo(topics.channels(feed), feed.isOnDemand() ? later.apply(each.run()) : Interest.NONE);
        }
    }

    /** Whether a subscription names the symbol. */
    boolean isWanted(final int channel, final String symbol) {
        return channels[channel].counts.get(symbol) > 0;
    }

    private void reportTo(final List<Channel> channelsOfFeed, final Interest listener) {
        channelsOfFeed.forEach(channel -> listeners[channel.index()] = listener);
    }

    /** One more subscription names {@code symbol}, and its client may see it. */
    void add(final Subscription subscription, final String symbol) {
        if (counts(subscription)) {
            final SymbolCounts channel = channels[subscription.channel().index()];
            if (channel.counts.incrementAndGet(symbol) == 1) {
                channel.onCrossed(symbol, true);
                isChanged = true;
            }
        }
    }

    /** One subscription less names {@code symbol}, or its client may not see it any more. */
    void remove(final Subscription subscription, final String symbol) {
        if (counts(subscription)) {
            final SymbolCounts channel = channels[subscription.channel().index()];
            if (channel.counts.decrementAndGet(symbol) == 0) {
                channel.onCrossed(symbol, false);
                isChanged = true;
            }
        }
    }

    /**
     * A request or a session ended: reports what changed.
     *
     * @param client    the network of the session's client
     * @param onRemoved is notified of the removed symbols
     */
    void report(final String client, final ObjIntConsumer<List<String>> onRemoved) {
        if (!isChanged) {
            return;
        }
        isChanged = false;
        for (int i = 0; i < channels.length; i++) {
            final List<String> added = channels[i].changed(true);
            final List<String> removed = channels[i].changed(false);
            channels[i].changed.clear();
            if (!added.isEmpty()) {
                listeners[i].onAdded(i, added, client);
            }
            if (!removed.isEmpty()) {
                onRemoved.accept(removed, i);
                listeners[i].onRemoved(i, removed);
            }
        }
    }

    private boolean counts(final Subscription subscription) {
        return subscription.channel().feed().isOnDemand() && !subscription.isOnce();
    }
}
