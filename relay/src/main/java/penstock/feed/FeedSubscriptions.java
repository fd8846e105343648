package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.feed.request.RejectedSymbols;
import penstock.feed.request.SubscriptionListener;
import penstock.feed.tick.Arbiter;
import penstock.feed.tick.FeedStages;
import penstock.feed.tick.InterestFilter;
import penstock.feed.tick.TopicIndex;
import penstock.time.FeedClock;
import penstock.upstream.SnapshotFetch;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.symbol.ConfiguredSymbols;

/**
 * Assigns the items that the feed needs to connection groups, and reports the outcome to the subscribers: a topic that
 * the venue rejected is closed, a name that cannot be served is refused, a topic without interest is forgotten. Owned
 * by the feed thread; {@link #interestCount} may be read from any.
 */
final class FeedSubscriptions {
    private static final String NO_VALUE = "no_value";
    private static final String TAKEN_OFF = "the operator has taken it off the feed";
    private static final Logger LOG = LoggerFactory.getLogger(FeedSubscriptions.class);

    private final FeedPlan plan;
    private final FeedStages stages;
    private final TopicIndex topics;
    private final InterestFilter filter;
    private final FeedStatusPublisher status;
    private final RejectedSymbols rejected;
    private final InterestTracker interest;
    private final ConnectionGroups groups;
    /** Items without room on any connection. */
    private final Set<SubscribeSpec.Item> unassigned = new LinkedHashSet<>();
    private final BitSet closedTopics = new BitSet();
    /** Items that the venue rejected, or that have no room: the topics that need them are closed. */
    private final Set<SubscribeSpec.Item> closedItems = new HashSet<>();
    private final AwaitedTopics awaited;
    private final InstrumentList instruments;
    private volatile int interestCount;
    private boolean isStarted;
    private boolean isStopped;

    /** {@code newGroup}: makes the group of a number, with its connections to the address of a name, not started. */
    FeedSubscriptions(final FeedPlan plan, final FeedClock clock, final FeedStages stages,
            final FeedStatusPublisher status, final RejectedSymbols rejected, final SnapshotFetch fetch,
            final BiFunction<Integer, String, ConnectionGroup> newGroup) {
        this.plan = plan;
        this.stages = stages;
        topics = stages.topics();
        filter = stages.interest();
        this.status = status;
        this.rejected = rejected;
        awaited = new AwaitedTopics(plan.place().title(), plan.venue(), clock, new AwaitedSource(clock));
        instruments = new InstrumentList(plan.place().title(), plan.instruments(), fetch, clock, this::onInstruments);
        interest = new InterestTracker(clock, plan.isOnDemand() ? plan.onDemand().lingerMs() : 0,
            () -> plan.isOnDemand() ? Math.min(plan.onDemand().maxSymbols(), plan.topics().max()) : Integer.MAX_VALUE,
            new DemandShares(plan.isOnDemand() ? plan.onDemand().maxSymbolsPerAddress() : 0),
            this::supply, this::onChange);
        groups = new ConnectionGroups(plan, newGroup, interest);
    }

    /**
     * Subscribes to the symbols of the configuration. There is one connection at least, and one to each address where
     * the venue sends without being asked.
     */
    void start() {
        instruments.start();
        begin(plan.fixedTopics());
        groups.openFirst();
        isStarted = true;
    }

    private void begin(final Set<TopicKey> fixed) {
        fixed.forEach(key -> topics.reserve(key.channel(), key.symbol()));
        interest.add(fixed, "");
    }

    /** The topics of the configuration are others, {@code symbols} in its spelling; the feed is not on demand. */
    void follow(final List<String> channels, final List<String> symbols) {
        final Set<TopicKey> gone = plan.fixedTopics();
        plan.topics().follow(channels, ConfiguredSymbols.published(symbols, plan.venue().symbols()));
        final Set<TopicKey> added = plan.fixedTopics();
        added.removeAll(gone);
        gone.removeAll(plan.fixedTopics());
        interest.remove(gone);
        begin(added);
        status.flush();
    }

    void stop() {
        isStopped = true;
        groups.stop();
        interest.stop();
        awaited.stop();
        instruments.stop();
    }

    /** Without effect on a feed whose symbols are fixed. */
    void addInterest(final int channel, final Collection<String> symbols, final String client) {
        if (plan.isOnDemand()) {
            interest.add(TopicKey.of(channel, symbols), client);
            status.flush();
        }
    }

    void removeInterest(final int channel, final Collection<String> symbols) {
        if (plan.isOnDemand()) {
            interest.remove(TopicKey.of(channel, symbols));
        }
    }

    /** Topics with interest, lingering ones included. Any thread. */
    int interestCount() {
        return interestCount;
    }

    List<ConnectionGroup> groups() {
        return groups.all();
    }

    /** Whether {@code group} is the only source of the topic; {@code newest}: the group that sent its newest update. */
    boolean isSource(final int group, final int topic, final int newest) {
        return !closedTopics.get(topic) && (plan.isOnDemand() ? filter.group(topic) : newest) == group;
    }

    /** Calls {@code action} with each topic that the group is to send and that no connection has sent so far. */
    void forWaiting(final ConnectionGroup group, final IntConsumer action) {
        for (final SubscribeSpec.Item item : group.items().all()) {
            for (final TopicKey key : interest.keys(item)) {
                if (!closedTopics.get(topic(key)) && stages.arbiter().group(topic(key)) == Arbiter.NO_GROUP) {
                    action.accept(topic(key));
                }
            }
        }
    }

    /** Acts on the venue's answers to the subscriptions of a group. */
    SubscriptionListener outcomes(final int group) {
        return new Outcomes(group);
    }

    /** There may be room again. */
    void assignUnassigned() {
        if (!unassigned.isEmpty()) {
            assign(List.copyOf(unassigned), null);
        }
    }

    /** How a topic can be served; a venue is asked only for names that it may have. */
    private InterestTracker.Supply supply(final TopicKey key) {
        if (plan.isOnDemand() && !FeedPlan.isSendable(key.symbol())) {
            return InterestTracker.Supply.none("no venue has a symbol with such characters");
        }
        final String problem = plan.isOnDemand() ? plan.venue().symbols().problem(key.symbol()) : null;
        if (problem != null) {
            return InterestTracker.Supply.none(problem);
        }
        if (plan.isOnDemand() && !instruments.mayHave(plan.venue().symbols().spelling(key.symbol()))) {
            return InterestTracker.Supply.none("the venue lists no such symbol; case counts");
        }
        final List<SubscribeSpec.Item> items = plan.items(key.channel(), key.symbol());
        return items.isEmpty() ? InterestTracker.Supply.none("the feed does not ask for this channel")
            : InterestTracker.Supply.of(items);
    }

    /** Names that were refused may be listed now. */
    private void onInstruments() {
        interest.reconsider();
        status.flush();
    }

    private void onChange(final InterestTracker.Change change) {
        if (plan.isOnDemand()) {
            change.refused().forEach((key, why) -> status.nameRefused(key.channel(), key.symbol(), why));
        }
        if (!change.removed().isEmpty()) {
            onRemoved(change.removed(), change.removedItems());
        }
        if (!change.added().isEmpty()) {
            onAdded(change.added(), change.addedItems(), change.wereRefused());
        }
    }

    private void onAdded(final Collection<TopicKey> keys, final Collection<SubscribeSpec.Item> items,
            final Collection<TopicKey> wereRefused) {
        if (plan.isOnDemand()) {
            groups.all().forEach(group -> assignCovered(group, keys));
            keys.forEach(this::restart);
            // live once the venue confirms them
            wereRefused.forEach(key -> closedTopics.set(topic(key)));
        } else if (isStarted) {
            keys.forEach(this::comeBack);
        }
        awaited.add(keys);
        interestCount = interest.size();
        assign(items, "the venue sends no more over the connections that it allows");
    }

    private void onRemoved(final Collection<TopicKey> keys, final Collection<SubscribeSpec.Item> items) {
        keys.forEach(this::leave);
        interestCount = interest.size();
        unassigned.removeAll(items);
        items.forEach(closedItems::remove);
        for (final ConnectionGroup group : groups.all()) {
            final List<SubscribeSpec.Item> present = items.stream().filter(group.items().all()::contains).toList();
            if (!present.isEmpty()) {
                group.unsubscribe(present);
            }
        }
        assignUnassigned();
        status.flush();
    }

    /**
     * The topic has no interest: nothing of it may be left when its number is used again, or when it comes back. If the
     * configuration had it, it keeps its number and is closed, so that its subscribers know.
     */
    private void leave(final TopicKey key) {
        final int topic = topic(key);
        awaited.remove(key);
        groups.all().forEach(group -> group.forgetTopic(topic));
        stages.outlet().forget(topic);
        stages.arbiter().remove(topic);
        rejected.remove(plan.venue().symbols().spelling(key.symbol()));
        if (plan.isOnDemand()) {
            filter.assign(topic, InterestFilter.UNASSIGNED);
            closedTopics.clear(topic);
            status.forget(topic);
            topics.forget(key.channel(), key.symbol());
        } else {
            filter.retire(topic, true);
            close(key, TAKEN_OFF);
        }
    }

    /** What the relay has of the topic, if it had it before, is old. */
    private void comeBack(final TopicKey key) {
        final int topic = topic(key);
        if (closedTopics.get(topic)) {
            closedTopics.clear(topic);
            filter.retire(topic, false);
            status.topicWaiting(topic);
        }
        restart(key);
    }

    private void closeAll(final Collection<SubscribeSpec.Item> items, final String words) {
        closedItems.addAll(items);
        for (final SubscribeSpec.Item item : items) {
            for (final TopicKey key : interest.keys(item)) {
                close(key, words);
                groups.all().forEach(group -> group.forgetTopic(topic(key)));
            }
        }
        status.flush();
    }

    private void close(final TopicKey key, final String words) {
        closedTopics.set(topic(key));
        status.topicClosed(topic(key), words);
    }

    /** The venue may have numbered messages of the symbol while it was not subscribed to: they are no gap. */
    private void restart(final TopicKey key) {
        final byte[] symbol = key.symbol().getBytes(StandardCharsets.UTF_8);
        groups.all().forEach(group -> group.restart(key.channel(), symbol, topic(key)));
    }

    /** Topics whose item the group subscribes to already. */
    private void assignCovered(final ConnectionGroup group, final Collection<TopicKey> keys) {
        for (final TopicKey key : keys) {
            if (plan.items(key.channel(), key.symbol()).stream().anyMatch(group.items().all()::contains)) {
                filter.assign(topic(key), group.number());
            }
        }
    }

    /** {@code noRoom}: the reason for the subscribers of items without room, null = they know it. */
    private void assign(final Collection<SubscribeSpec.Item> items, final String noRoom) {
        if (isStopped) {
            return;
        }
        final Collection<SubscribeSpec.Item> left = groups.assign(items, this::subscribe);
        unassigned.addAll(left);
        left.forEach(item -> assignTopics(item, InterestFilter.UNASSIGNED));
        if (!left.isEmpty() && noRoom != null) {
            LOG.warn("{}: no room for {} subscriptions: {}", plan.place().title(), left.size(), noRoom);
            closeAll(left, noRoom);
        }
    }

    private void subscribe(final ConnectionGroup group, final List<SubscribeSpec.Item> items) {
        unassigned.removeAll(items);
        if (plan.isOnDemand()) {
            items.forEach(item -> assignTopics(item, group.number()));
        }
        group.subscribe(items);
    }

    private void assignTopics(final SubscribeSpec.Item item, final int group) {
        interest.keys(item).forEach(key -> filter.assign(topic(key), group));
    }

    private int topic(final TopicKey key) {
        return topics.topic(key.channel(), key.symbol());
    }

    private final class AwaitedSource implements AwaitedTopics.Source {
        private final FeedClock clock;

        AwaitedSource(final FeedClock clock) {
            this.clock = clock;
        }

        @Override
        public boolean isLive() {
            return status.isLive();
        }

        @Override
        public boolean isOpen(final ChannelSpec channel) {
            return channel.hours(plan.venue().connection().idle().open()).isOpen(clock.epochUs());
        }

        @Override
        public boolean hasValue(final TopicKey key) {
            return stages.arbiter().group(topic(key)) != Arbiter.NO_GROUP;
        }

        @Override
        public boolean isClosed(final TopicKey key) {
            return closedTopics.get(topic(key));
        }

        @Override
        public void onNoValue(final TopicKey key) {
            status.topicStale(topic(key), NO_VALUE);
        }

        @Override
        public void onChecked() {
            status.flush();
        }
    }

    private final class Outcomes implements SubscriptionListener {
        private final int group;

        Outcomes(final int group) {
            this.group = group;
        }

        @Override
        public void onAccepted(final Collection<SubscribeSpec.Item> items) {
            if (closedTopics.isEmpty()) {
                return;
            }
            closedItems.removeAll(items);
            for (final SubscribeSpec.Item item : items) {
                // the venue may still confirm an item that was moved or removed
                final boolean isPresent = groups.get(group).items().all().contains(item);
                for (final TopicKey key : isPresent ? interest.keys(item) : List.<TopicKey>of()) {
                    final int topic = topic(key);
                    if (closedTopics.get(topic) && interest.needsNone(key, closedItems)) {
                        closedTopics.clear(topic);
                        status.topicLive(topic);
                    }
                }
            }
            status.flush();
        }

        @Override
        public void onRejected(final Collection<SubscribeSpec.Item> items, final String words) {
            closeAll(items.stream().filter(groups.get(group).items().all()::contains).toList(), words);
        }

        @Override
        public void onNoRoom(final Collection<SubscribeSpec.Item> refused, final String words) {
            final Set<SubscribeSpec.Item> items = new LinkedHashSet<>();
            refused.forEach(item -> items.addAll(interest.together(item)));
            groups.get(group).limitWithout(items);
            LOG.warn("{}: venue accepts no more than {} subscriptions on one connection: {}", plan.place().title(),
                groups.get(group).items().all().size(), words);
            assign(items, words);
        }
    }
}
