package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the venue is asked for, over which connection, and what came of it, as subscribers see it: a topic that the venue refuses is
 * closed, one that nobody wants any more is stale.
 * Owned by the feed thread; {@link #wantedCount} may be read from any.
 */
final class Subscriptions implements Wishes.Owner, FeedParts.Asked {
    /** Topics are remembered for ever: so many for each that may be wanted at a time. */
    private static final int TOPICS_PER_WISH = 16;
    /** A symbol becomes part of a message to the venue: nothing that could end a string, a list or a line. */
    private static final Pattern SYMBOL = Pattern.compile("[\\p{L}\\p{N}](?:[\\p{L}\\p{N} ._:/=^@#$&*+-]{0,62}[\\p{L}\\p{N}.=+-])?");
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

    private final FeedPlan plan;
    private final FeedUpdates updates;
    private final FeedNews news;
    private final IntFunction<Share> newShare;
    private final Wishes wishes;
    private final List<Share> shares = new ArrayList<>();
    private final BitSet wanted = new BitSet();
    private final BitSet refused = new BitSet();
    private volatile int wantedCount;

    /** {@code newShare}: makes one of that number, with its connections, not started. */
    Subscriptions(final FeedPlan plan, final FeedClock clock, final FeedUpdates updates, final FeedNews news,
            final IntFunction<Share> newShare) {
        this.plan = plan;
        this.updates = updates;
        this.news = news;
        this.newShare = newShare;
        wishes = new Wishes(clock, plan.isOnDemand() ? plan.demand().lingerMs() : 0, this);
    }

    /** Begins with what the configuration names; there is a connection at least. */
    void start() {
        final List<Wishes.Wish> fixed = new ArrayList<>();
        for (final String channel : plan.channels()) {
            plan.symbols().forEach(symbol -> fixed.add(new Wishes.Wish(plan.venue().channel(channel), symbol)));
        }
        wishes.want(fixed);
        if (shares.isEmpty()) {
            open();
        }
    }

    void stop() {
        wishes.stop();
    }

    /** Subscribers want these; without effect on a feed whose symbols are fixed. */
    void want(final int channel, final Collection<String> symbols) {
        if (plan.isOnDemand()) {
            wishes.want(wishes(channel, symbols));
            news.flush();
        }
    }

    /** They don't any more. */
    void unwant(final int channel, final Collection<String> symbols) {
        if (plan.isOnDemand()) {
            wishes.unwant(wishes(channel, symbols));
        }
    }

    /** How many topics are wanted, or were just now. Any thread. */
    int wantedCount() {
        return wantedCount;
    }

    List<Share> shares() {
        return shares;
    }

    /** A venue goes on for a while after it was asked to stop. */
    @Override
    public boolean isWanted(final int topic) {
        return !plan.isOnDemand() || wanted.get(topic);
    }

    @Override
    public SubscribeSpec.Item item(final Wishes.Wish wish) {
        if (!plan.isOnDemand()) {
            return plan.item(wish.channel(), wish.symbol());
        }
        final int most = plan.demand().maxSymbols();
        final boolean isKnowable = updates.topicCount() < TOPICS_PER_WISH * most;
        final SubscribeSpec.Item item = plan.item(wish.channel(), wish.symbol());
        final String problem = !SYMBOL.matcher(wish.symbol()).matches() ? "no venue has a symbol with such characters"
            : item == null ? "the feed does not ask for this channel"
            : wishes.size() >= most || !isKnowable ? "more is wanted than feed.max-symbols allows" : null;
        if (problem != null && isKnowable) {
            news.topicClosed(topic(wish), problem);
        }
        return problem == null ? item : null;
    }

    @Override
    public void onWanted(final Collection<Wishes.Wish> topics, final Collection<SubscribeSpec.Item> items) {
        if (plan.isOnDemand()) {
            topics.forEach(this::begin);
        }
        wantedCount = wishes.size();
        place(items, "the venue sends no more over the connections that it allows");
    }

    @Override
    public void onUnwanted(final Collection<Wishes.Wish> topics, final Collection<SubscribeSpec.Item> items) {
        for (final Wishes.Wish wish : topics) {
            wanted.clear(topic(wish));
            news.topicStale(topic(wish), "not_subscribed");
        }
        wantedCount = wishes.size();
        remove(items);
        news.flush();
    }

    @Override
    public void onRefused(final Share share, final Collection<SubscribeSpec.Item> items, final String words) {
        for (final SubscribeSpec.Item item : items) {
            for (final Wishes.Wish wish : wishes.of(item)) {
                refused.set(topic(wish));
                news.topicClosed(topic(wish), words);
            }
        }
        news.flush();
    }

    @Override
    public void onAccepted(final Share share, final Collection<SubscribeSpec.Item> items) {
        if (refused.isEmpty()) {
            return;
        }
        for (final SubscribeSpec.Item item : items) {
            for (final Wishes.Wish wish : wishes.of(item)) {
                final int topic = topic(wish);
                if (refused.get(topic)) {
                    refused.clear(topic);
                    news.topicLive(topic);
                }
            }
        }
        news.flush();
    }

    @Override
    public void onNoRoom(final Share share, final Collection<SubscribeSpec.Item> items, final String words) {
        share.remove(items);
        share.full();
        LOG.warn("feed: the venue takes no more than {} subscriptions on one connection: {}", share.items().size(), words);
        place(items, words);
    }

    private void begin(final Wishes.Wish wish) {
        final int topic = topic(wish);
        wanted.set(topic);
        final byte[] symbol = wish.symbol().getBytes(StandardCharsets.UTF_8);
        shares.forEach(share -> share.legs().forEach(leg -> leg.begin(wish.channel(), topic, symbol)));
    }

    private void remove(final Collection<SubscribeSpec.Item> items) {
        for (final Share share : shares) {
            final List<SubscribeSpec.Item> its = items.stream().filter(share.items()::contains).toList();
            if (!its.isEmpty()) {
                share.remove(its);
            }
        }
    }

    private void place(final Collection<SubscribeSpec.Item> items, final String noRoom) {
        final List<SubscribeSpec.Item> left = new ArrayList<>(items);
        for (int i = 0; i <= shares.size() && !left.isEmpty(); i++) {
            if (i == shares.size() && i < plan.mostShares()) {
                open();
            }
            if (i < shares.size()) {
                final List<SubscribeSpec.Item> fit = left.subList(0, Math.min(left.size(), shares.get(i).room()));
                if (!fit.isEmpty()) {
                    shares.get(i).add(List.copyOf(fit));
                    fit.clear();
                }
            }
        }
        if (!left.isEmpty()) {
            LOG.warn("feed: {} subscriptions find no room: {}", left.size(), noRoom);
            onRefused(null, left, noRoom);
        }
    }

    private void open() {
        final Share share = newShare.apply(shares.size());
        shares.add(share);
        share.legs().forEach(Leg::connect);
    }

    private int topic(final Wishes.Wish wish) {
        return updates.topic(wish.channel(), wish.symbol());
    }

    private static List<Wishes.Wish> wishes(final int channel, final Collection<String> symbols) {
        return symbols.stream().map(symbol -> new Wishes.Wish(channel, symbol)).toList();
    }
}
