package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.time.FeedClock;
import penstock.venue.spec.SubscribeSpec;

/**
 * What the venue is asked for, over which connection, and what came of it, as subscribers see it: a topic that the
 * venue refuses is closed, one that nobody wants any more is stale. Owned by the feed thread; {@link #wantedCount} may
 * be read from any.
 */
final class FeedSubscriptions implements InterestTracker.Owner, FeedContext.Asked {
    /** Topics are remembered for ever: so many for each that may be wanted at a time. */
    private static final int TOPICS_PER_WISH = 16;
    /** A symbol becomes part of a message to the venue: nothing that could end a string, a list or a line. */
    private static final Pattern SYMBOL =
        Pattern.compile("[\\p{L}\\p{N}](?:[\\p{L}\\p{N} ._:/=^@#$&*+-]{0,62}[\\p{L}\\p{N}.=+-])?");
    private static final int NOWHERE = -1;
    private static final Logger LOG = LoggerFactory.getLogger(FeedSubscriptions.class);

    private final FeedPlan plan;
    private final FeedMessageHandler updates;
    private final FeedStatusPublisher news;
    private final IntFunction<ConnectionGroup> newShare;
    private final InterestTracker wishes;
    private final List<ConnectionGroup> shares = new ArrayList<>();
    /** What is wanted and finds no room. */
    private final Set<SubscribeSpec.Item> homeless = new LinkedHashSet<>();
    /** The topics that are closed. */
    private final BitSet refused = new BitSet();
    private volatile int wantedCount;
    /** Where subscribers decide, by topic: the share that asks for it. */
    private int[] placed = new int[64];
    private boolean isStopped;

    /** {@code newShare}: makes one of that number, with its connections, not started. */
    FeedSubscriptions(final FeedPlan plan, final FeedClock clock, final FeedMessageHandler updates,
        final FeedStatusPublisher news,
            final IntFunction<ConnectionGroup> newShare) {
        this.plan = plan;
        this.updates = updates;
        this.news = news;
        this.newShare = newShare;
        wishes = new InterestTracker(clock, plan.isOnDemand() ? plan.demand().lingerMs() : 0,
            plan.isOnDemand() ? plan.demand().maxSymbols() : Integer.MAX_VALUE, this);
        Arrays.fill(placed, NOWHERE);
    }

    /** Begins with what the configuration names; there is a connection at least. */
    void start() {
        final List<InterestTracker.Wish> fixed = new ArrayList<>();
        for (final String channel : plan.channels()) {
            plan.symbols()
                .forEach(symbol -> fixed.add(new InterestTracker.Wish(plan.venue().channel(channel), symbol)));
        }
        wishes.want(fixed);
        if (shares.isEmpty()) {
            open();
        }
    }

    void stop() {
        isStopped = true;
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

    List<ConnectionGroup> shares() {
        return shares;
    }

    /** A venue goes on for a while after it was asked to stop. */
    @Override
    public boolean isWanted(final ConnectionGroup share, final int topic) {
        return !plan.isOnDemand() || placed(topic) == share.number();
    }

    /**
     * Whether the topic has no other source than {@code share}; {@code teller} is the number of the one that told it
     * last.
     */
    boolean isFedBy(final ConnectionGroup share, final int topic, final int teller) {
        return !refused.get(topic) && (plan.isOnDemand() ? placed(topic) : teller) == share.number();
    }

    @Override
    public SubscribeSpec.Item item(final InterestTracker.Wish wish) {
        if (!plan.isOnDemand()) {
            return plan.item(wish.channel(), wish.symbol());
        }
        // one that is known costs nothing more
        final boolean isKnowable = updates.topicCount() < TOPICS_PER_WISH * plan.demand().maxSymbols()
            || updates.knows(wish.channel(), wish.symbol());
        final SubscribeSpec.Item item = plan.item(wish.channel(), wish.symbol());
        final String problem = !SYMBOL.matcher(wish.symbol()).matches() ? "no venue has a symbol with such characters"
            : item == null ? "the feed does not ask for this channel"
            : null;
        if (problem != null && isKnowable) {
            news.topicClosed(topic(wish), problem);
        }
        return problem == null && isKnowable ? item : null;
    }

    @Override
    public void onTooMany(final InterestTracker.Wish wish) {
        close(wish, "more is wanted than feed.max-symbols allows");
        news.flush();
    }

    @Override
    public void onWanted(final Collection<InterestTracker.Wish> topics, final Collection<SubscribeSpec.Item> items) {
        if (plan.isOnDemand()) {
            for (int i = 0; i < shares.size(); i++) {
                keep(shares.get(i), topics);
            }
            topics.forEach(this::begin);
        }
        wantedCount = wishes.size();
        place(items, "the venue sends no more over the connections that it allows");
    }

    @Override
    public void onUnwanted(final Collection<InterestTracker.Wish> topics, final Collection<SubscribeSpec.Item> items) {
        for (final InterestTracker.Wish wish : topics) {
            final int topic = topic(wish);
            place(topic, NOWHERE);
            refused.clear(topic);
            shares.forEach(share -> share.legs().forEach(leg -> leg.end(topic)));
            news.topicStale(topic(wish), "not_subscribed");
        }
        wantedCount = wishes.size();
        remove(items);
        news.flush();
    }

    @Override
    public void onRefused(final ConnectionGroup share, final Collection<SubscribeSpec.Item> items, final String words) {
        for (final SubscribeSpec.Item item : items) {
            for (final InterestTracker.Wish wish : wishes.of(item)) {
                close(wish, words);
                final int topic = topic(wish);
                shares.forEach(each -> each.legs().forEach(leg -> leg.end(topic)));
            }
        }
        news.flush();
    }

    @Override
    public void onAccepted(final ConnectionGroup share, final Collection<SubscribeSpec.Item> items) {
        if (refused.isEmpty()) {
            return;
        }
        for (final SubscribeSpec.Item item : items) {
            // what was moved away, or let go, may be confirmed still
            for (final InterestTracker.Wish wish : share.items().contains(item) ? wishes.of(item)
                    : List.<InterestTracker.Wish>of()) {
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
    public void onNoRoom(final ConnectionGroup share, final Collection<SubscribeSpec.Item> items, final String words) {
        share.full(items);
        LOG.warn("feed: the venue takes no more than {} subscriptions on one connection: {}", share.items().size(),
            words);
        place(items, words);
    }

    private void begin(final InterestTracker.Wish wish) {
        final int topic = topic(wish);
        final byte[] symbol = wish.symbol().getBytes(StandardCharsets.UTF_8);
        updates.forgetNumber(topic);
        shares.forEach(share -> share.begin(wish.channel(), topic, symbol));
    }

    private void close(final InterestTracker.Wish wish, final String words) {
        refused.set(topic(wish));
        news.topicClosed(topic(wish), words);
    }

    /** Topics that come with what is asked for already. */
    private void keep(final ConnectionGroup share, final Collection<InterestTracker.Wish> topics) {
        for (final InterestTracker.Wish wish : topics) {
            if (share.items().contains(plan.item(wish.channel(), wish.symbol()))) {
                place(topic(wish), share.number());
            }
        }
    }

    private void place(final int topic, final int share) {
        if (topic >= placed.length) {
            final int had = placed.length;
            placed = Arrays.copyOf(placed, Math.max(had * 2, topic + 1));
            Arrays.fill(placed, had, placed.length, NOWHERE);
        }
        placed[topic] = share;
    }

    private int placed(final int topic) {
        return topic < placed.length ? placed[topic] : NOWHERE;
    }

    private void remove(final Collection<SubscribeSpec.Item> items) {
        homeless.removeAll(items);
        for (final ConnectionGroup share : shares) {
            final List<SubscribeSpec.Item> its = items.stream().filter(share.items()::contains).toList();
            if (!its.isEmpty()) {
                share.remove(its);
            }
        }
        placeHomeless();
    }

    /** There may be room again. */
    void placeHomeless() {
        if (!homeless.isEmpty()) {
            place(List.copyOf(homeless), null);
        }
    }

    /** {@code noRoom}: what the subscribers are told where there is none, null = they know. */
    private void place(final Collection<SubscribeSpec.Item> items, final String noRoom) {
        if (isStopped) {
            return;
        }
        final List<SubscribeSpec.Item> left = new ArrayList<>(items);
        for (int i = 0; i <= shares.size() && !left.isEmpty() && !isStopped; i++) {
            if (i == shares.size() && i < plan.mostShares()) {
                open();
            }
            if (i < shares.size()) {
                final List<SubscribeSpec.Item> fit = left.subList(0, Math.min(left.size(), shares.get(i).room()));
                if (!fit.isEmpty()) {
                    final List<SubscribeSpec.Item> its = List.copyOf(fit);
                    fit.clear();
                    add(shares.get(i), its);
                }
            }
        }
        homeless.addAll(left);
        left.forEach(item -> wishes.of(item).forEach(wish -> place(topic(wish), NOWHERE)));
        if (!left.isEmpty() && noRoom != null) {
            LOG.warn("feed: {} subscriptions find no room: {}", left.size(), noRoom);
            onRefused(null, left, noRoom);
        }
    }

    private void add(final ConnectionGroup share, final List<SubscribeSpec.Item> items) {
        homeless.removeAll(items);
        if (plan.isOnDemand()) {
            items.forEach(item -> wishes.of(item).forEach(wish -> place(topic(wish), share.number())));
        }
        share.add(items);
    }

    private void open() {
        final ConnectionGroup share = newShare.apply(shares.size());
        shares.add(share);
        share.legs().forEach(FeedConnection::connect);
    }

    private int topic(final InterestTracker.Wish wish) {
        return updates.topic(wish.channel(), wish.symbol());
    }

    private static List<InterestTracker.Wish> wishes(final int channel, final Collection<String> symbols) {
        return symbols.stream().map(symbol -> new InterestTracker.Wish(channel, symbol)).toList();
    }
}
