package penstock.fanout.subscription;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.agrona.collections.IntArrayList;
import penstock.fanout.layout.TopicLayouts;
import penstock.fanout.schedule.FlushScheduler;
import penstock.fanout.schedule.RateLimit;
import penstock.fanout.schedule.ShardClock;
import penstock.fanout.schedule.SubscriptionSchedule;
import penstock.identity.SessionAccess;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.ring.TopicState;
import penstock.thread.SlicedLoop;
import penstock.topic.Channel;
import penstock.topic.IdSet;
import penstock.topic.Topic;
import penstock.topic.TopicSearch;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.SymbolList;
import penstock.wire.request.SymbolPattern;

/**
 * Makes, changes and ends the subscriptions of a shard, and binds new topics to those that asked for them. Requests are
 * checked before. Owned by the shard's io thread.
 */
public final class SubscriptionRegistry {
    /** Some 20 microseconds. */
    private static final int PIECES_PER_CHECK = 2_048;
    /** A match costs as much as those, if the client may not see everything. */
    private static final int PIECES_OF_RIGHTS = 16;

    private final TopicTable topics;
    private final FlushScheduler scheduler;
    private final TopicStatusTracker status;
    private final InterestCounts interest;
    private final ShardClock clock;
    private final Counters counters;
    private final TopicBinder binder;
    private final WaitingNames names;
    /** By id. */
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final MemoryShare memory;
    private final MemoryCheck memoryCheck;
    private final TopicLayouts layouts;
    private final Endings endings;
    private final IntArrayList matching = new IntArrayList();
    private Runnable onEnded = () -> { };

    /** For the sessions of one shard. */
    public SubscriptionRegistry(final TopicTable topics, final FlushScheduler scheduler,
            final TopicStatusTracker status, final InterestCounts interest, final ShardClock clock,
            final Counters counters, final MemoryShare memory) {
        this.topics = topics;
        this.scheduler = scheduler;
        this.status = status;
        this.interest = interest;
        this.clock = clock;
        this.counters = counters;
        this.memory = memory;
        memoryCheck = new MemoryCheck(memory, counters);
        layouts = new TopicLayouts(memory);
        binder = new TopicBinder(topics, memory);
        endings = new Endings(topics, binder, interest, this::onLeft);
        names = new WaitingNames(topics, interest, status, subscriptions::get, memory);
    }

    /** What clients may make the shard hold. */
    public MemoryShare memory() {
        return memory;
    }

    /** Makes a subscription without topics; it is paused until the request that begins it is done. */
    public Subscription open(final SessionSubscriptions session, final String name, final Channel channel,
            final SubscriptionOptions options) {
        memory.reserve(MemoryUse.SUBSCRIPTIONS, Subscription.BYTES);
        final SubscriptionSchedule schedule = scheduler.add(channel.feed().number(), session.session().number(),
            options.intervalMs() * 1_000_000L, RateLimit.intervalNs(options));
        scheduler.pause(schedule);
        schedule.onCaughtUp(clock.nowNs());
        final Subscription subscription = new Subscription(session.session(), schedule,
            new SubscriptionCursor(topics.position(), topics.journal().entries().head(), channel.changes()), name,
            channel, options.mode() == Mode.ONCE, new Subscription.Symbols(new SubscribedTopics(layouts),
            new SymbolInterest(names.pending(channel)), new SymbolReports(memory)));
        subscription.apply(options, clock.nowNs());
        session.add(subscription);
        while (subscriptions.size() <= subscription.id()) {
            subscriptions.add(null);
        }
        subscriptions.set(subscription.id(), subscription);
        status.add(subscription);
        counters.increment(Counter.SUBSCRIPTIONS_OPENED);
        return subscription;
    }

    /**
     * Changes the options of a subscription that is paused, topic by topic; what was not shown before comes in the
     * snapshot with that code, if there is one. {@link #endChange} follows.
     */
    public SlicedLoop change(final Subscription subscription, final SubscriptionOptions options, final long code) {
        scheduler.reschedule(subscription.schedule(), options.intervalMs() * 1_000_000L, RateLimit.intervalNs(options));
        return binder.change(subscription, options, code, clock.nowNs());
    }

    /** All topics have the changed options. */
    public void endChange(final Subscription subscription) {
        subscription.endChange();
        subscription.cursor().restartImageScan();
    }

    /** Begins to search for the topics that join a subscription by its patterns and that its client may see. */
    TopicSearch search(final Subscription subscription) {
        final SymbolInterest asked = subscription.interest();
        return asked.patterns().isEmpty() ? topics.search(subscription.channel())
            : topics.search(subscription.channel(), symbol -> subscription.permits(symbol) && asked.matches(symbol),
                Math.max(1, PIECES_PER_CHECK / (asked.pieces() + PIECES_OF_RIGHTS)));
    }

    /** Begins to search for the topics that match the patterns among {@code symbols} and that a client may see. */
    TopicSearch search(final SessionAccess access, final Channel channel, final List<SymbolPattern> symbols) {
        final List<SymbolPattern> patterns = SymbolList.of(symbols).patterns();
        int pieces = 0;
        for (final SymbolPattern pattern : patterns) {
            pieces += pattern.pieces();
        }
        return pieces == 0 ? topics.search(channel)
            : topics.search(channel,
                symbol -> SymbolInterest.matchesAny(patterns, symbol) && access.permits(channel.path(), symbol),
                Math.max(1, PIECES_PER_CHECK / (access.permitsAll() ? pieces : pieces + PIECES_OF_RIGHTS)));
    }

    /** Begins to show a visitor all topics of a channel; it compares each with that number of pieces of patterns. */
    TopicSearch visit(final Channel channel, final int pieces, final Consumer<String> visitor) {
        return topics.search(channel, symbol -> {
            visitor.accept(symbol);
            return false;
        }, Math.max(1, PIECES_PER_CHECK / (pieces + PIECES_OF_RIGHTS)));
    }

    /** Ends a subscription of the session: nothing more is sent of it. {@link #advance} gives back what it holds. */
    public void end(final SessionSubscriptions session, final Subscription subscription) {
        remove(session, subscription);
        onEnded.run();
    }

    private void remove(final SessionSubscriptions session, final Subscription subscription) {
        session.remove(subscription);
        status.remove(subscription);
        scheduler.end(subscription.schedule());
        counters.increment(Counter.SUBSCRIPTIONS_CLOSED);
        endings.add(subscription);
    }

    /** Both are to see to it that {@link #advance} is called until it is done; with {@code later} not at once. */
    public void onWork(final Runnable now, final Runnable later) {
        onEnded = now;
        names.onHidden(later);
    }

    /**
     * Goes on to look for denied patterns, then to give back what ended subscriptions hold: the topics that they hold
     * are compared with their patterns. Returns whether that is all.
     */
    public boolean advance(final BooleanSupplier isOver) {
        final boolean isDone = names.advance(isOver) && endings.advance(isOver);
        names.reportInterest("");
        return isDone;
    }

    /** That failed: the rest goes on without the first of it. */
    public void skip() {
        if (!names.skip()) {
            endings.skip();
        }
    }

    /** The session ends: so do all of its subscriptions. */
    public void endAll(final SessionSubscriptions session) {
        session.end();
        if (session.size() > 0) {
            while (session.size() > 0) {
                remove(session, session.get(session.size() - 1));
            }
            onEnded.run();
        }
    }

    /** Ends the subscriptions of mode once that were sent their last image. */
    public void endFinished(final SessionSubscriptions session) {
        for (int i = session.size() - 1; i >= 0; i--) {
            if (session.get(i).cursor().isFinished()) {
                end(session, session.get(i));
            }
        }
    }

    /**
     * A topic appeared: subscriptions that asked for it get it from its first update on. {@code evict} is given the
     * number of a session whose subscription cannot grow, because the memory for subscriptions is full: it must end.
     */
    public void onTopic(final Topic topic, final IntConsumer evict) {
        final PendingInterestIndex index = names.pending(topic.channel());
        final PendingInterestIndex.Name name = index.take(topic.symbol());
        if (name != null) {
            // all wait no longer before any of them can end
            final List<Subscription> waited = new ArrayList<>();
            final List<Subscription> forbidden = new ArrayList<>();
            name.waiting().forEachInt(id -> {
                final Subscription subscription = subscriptions.get(id);
                (subscription.interest().onKnown(name) ? waited : forbidden).add(subscription);
            });
            waited.forEach(subscription -> joinNamed(subscription, topic, true, evict));
            forbidden.forEach(subscription -> joinNamed(subscription, topic, false, evict));
        }
        names.onTopic(topic);
        matching.clear();
        index.findMatching(topic.symbol(), matching);
        matching.forEachInt(id -> {
            final Subscription subscription = subscriptions.get(id);
            if (subscription != null && !subscription.permits(topic.symbol())) {
                names.onDenied(subscription, topic, false);
            } else if (subscription != null && subscription.interest().matches(topic.symbol())) {
                join(subscription, topic, false, evict);
            }
        });
    }

    /** {@code isCounted}: as one that its client may see, which may have changed. */
    private void joinNamed(final Subscription subscription, final Topic topic, final boolean isCounted,
            final IntConsumer evict) {
        if (!subscription.permits(topic.symbol())) {
            // to its client the symbol stays unknown
            names.addAgain(subscription, topic.symbol(), isCounted);
            names.onDenied(subscription, topic, true);
            return;
        }
        names.count(subscription, topic.symbol(), isCounted, true);
        if (!join(subscription, topic, true, evict)) {
            interest.remove(subscription, topic.symbol());
        } else if (names.isRefused(topic) && !subscription.isOnce()) {
            // the client is notified of the refusal, and then when the topic is live
            subscription.topics().onNotified(subscription.topics().slot(topic.id()), TopicState.CLOSED);
            status.onSubscribed(subscription, topic);
        }
    }

    /**
     * A topic is about to be forgotten: it leaves its subscriptions, which are notified. Names wait for it again.
     *
     * @param reason  why it is gone
     * @param sinceUs when, in microseconds since 1970
     */
    public void onForgotten(final Topic topic, final String reason, final long sinceUs) {
        final SymbolReports.Report gone = new SymbolReports.Report(TopicState.STALE, reason, sinceUs);
        for (int id = topic.subscribers().next(0); id >= 0; id = topic.subscribers().next(id + 1)) {
            final Subscription subscription = subscriptions.get(id);
            final SubscribedTopics subscribed = subscription.topics();
            final int slot = subscribed.slot(topic.id());
            final boolean isNamed = subscribed.isNamed(slot) && !subscription.isOnce();
            final boolean isOver =
                subscription.schedule().isEnded() || subscription.interest().isLeaving(topic.symbol());
            if (TopicStatusTracker.isKnown(subscribed, slot)) {
                names.report(subscription, topic.symbol(), subscription.permits(topic.symbol()) ? gone
                    : SymbolReports.Report.denial(sinceUs));
            }
            subscribed.remove(slot);
            subscription.cursor().restartImageScan();
            binder.unbind(subscription, topic);
            if (isNamed && isOver) {
                interest.remove(subscription, topic.symbol());
            } else if (isNamed) {
                names.addAgain(subscription, topic.symbol(), true);
            }
        }
    }

    /** A value is good though its feed was lost: if it is stale, it is added to {@code changed}, and sent again. */
    public void onConfirmed(final int topic, final IdSet changed) {
        binder.confirm(topic, changed, subscriptions::get);
    }

    /** The state of a topic has changed without an update: subscribers learn it, and links that its value is good. */
    public void onState(final Topic topic, final IdSet changed) {
        status.onChanged(topic);
        binder.onState(topic, changed, subscriptions::get);
    }

    /** The feed cannot serve a name that has no topic: subscriptions that name it are notified. */
    public void onRefused(final int channel, final String name, final String reason, final long sinceUs) {
        names.onRefused(channel, name, reason, sinceUs);
    }

    /** A topic that a subscription asked for joins it; false if the subscription has ended, now or before. */
    boolean join(final Subscription subscription, final Topic topic, final boolean isNamed,
            final IntConsumer evict) {
        if (subscription.schedule().isEnded()) {
            return false;
        }
        // names that are unknown when the request comes do not join later
        if (!subscription.isOnce() && subscription.topics().slot(topic.id()) == SubscribedTopics.NONE) {
            if (!memory.fits(MemoryUse.SUBSCRIPTIONS, 0)
                    || !subscription.view().isFull() && !memory.fits(MemoryUse.VIEWS, 0)) {
                evict.accept(subscription.session().number());
                return false;
            }
            bind(subscription, topic, isNamed, topic.sinceQ());
            if (subscription.hasLost()) {
                // its client may have been notified of a denial
                subscription.topics().onNotified(subscription.topics().slot(topic.id()), null);
                status.onGained(subscription, false);
            }
        }
        return true;
    }

    /** Subscribes to a topic of which the client has everything up to {@code sentQ}. */
    void bind(final Subscription subscription, final Topic topic, final boolean isNamed, final long sentQ) {
        binder.bind(subscription, topic, isNamed, sentQ);
        status.onSubscribed(subscription, topic);
    }

    /** A request names a topic of the subscription exactly. */
    void name(final Subscription subscription, final Topic topic) {
        if (subscription.topics().markNamed(subscription.topics().slot(topic.id()))) {
            interest.add(subscription, topic.symbol());
        }
    }

    /** A topic leaves a subscription, if it is there. */
    void remove(final Subscription subscription, final Topic topic) {
        final int slot = subscription.topics().slot(topic.id());
        if (slot != SubscribedTopics.NONE) {
            if (subscription.topics().isNamed(slot)) {
                interest.remove(subscription, topic.symbol());
            }
            subscription.topics().remove(slot);
            subscription.cursor().restartImageScan();
            binder.unbind(subscription, topic);
        }
    }

    /** A name without a topic is no longer wanted. */
    void forget(final Subscription subscription, final String name) {
        interest.remove(subscription, name);
    }

    /** Whether a symbol may go and come again: its feed is on demand, or the client may lose it and see it again. */
    boolean mayReturn(final Subscription subscription) {
        return subscription.channel().feed().isOnDemand() || !subscription.session().access().permitsAll();
    }

    /** The topics of the shard. */
    TopicTable topics() {
        return topics;
    }

    /** The names that subscriptions wait for. */
    WaitingNames names() {
        return names;
    }

    /** Which subscriptions are to be notified of states. */
    TopicStatusTracker status() {
        return status;
    }

    /** Microseconds since 1970. */
    long nowUs() {
        return clock.epochUs(clock.nowNs());
    }

    MemoryCheck memoryCheck() {
        return memoryCheck;
    }

    /** The id of the next subscription. */
    int nextId() {
        return scheduler.nextId();
    }

    /** Which topics are in which slot of the subscriptions. */
    TopicLayouts layouts() {
        return layouts;
    }

    private void onLeft(final Subscription subscription) {
        memory.release(MemoryUse.SUBSCRIPTIONS, Subscription.BYTES);
        subscriptions.set(subscription.id(), null);
        scheduler.giveBack(subscription.schedule());
    }
}
