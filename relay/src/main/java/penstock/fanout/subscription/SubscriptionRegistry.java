package penstock.fanout.subscription;

import java.util.ArrayList;
import java.util.List;
import penstock.fanout.schedule.FlushScheduler;
import penstock.fanout.schedule.ShardClock;
import penstock.fanout.schedule.SubscriptionSchedule;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.ring.TopicState;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.SymbolPattern;

/**
 * Makes, changes and ends the subscriptions of a shard, adds and removes their symbols, and binds new topics to those
 * that asked for them. Requests are checked before. Owned by the shard's io thread.
 */
public final class SubscriptionRegistry {
    private final TopicTable topics;
    private final FlushScheduler scheduler;
    private final TopicStatusTracker status;
    private final InterestCounts interest;
    private final ShardClock clock;
    private final Counters counters;
    private final TopicBinder binder;
    private final Resumption resumption;
    private final PendingInterestIndex[] pending;
    private final RefusedNames[] refused;
    /** By id. */
    private final List<Subscription> subscriptions = new ArrayList<>();

    /** For the sessions of one shard. */
    public SubscriptionRegistry(final TopicTable topics, final FlushScheduler scheduler,
            final TopicStatusTracker status, final InterestCounts interest, final ShardClock clock,
            final Counters counters) {
        this.topics = topics;
        this.scheduler = scheduler;
        this.status = status;
        this.interest = interest;
        this.clock = clock;
        this.counters = counters;
        binder = new TopicBinder(topics);
        resumption = new Resumption(topics);
        pending = new PendingInterestIndex[topics.channels().size()];
        refused = new RefusedNames[pending.length];
        for (int i = 0; i < pending.length; i++) {
            pending[i] = new PendingInterestIndex();
            refused[i] = new RefusedNames();
        }
    }

    /** Makes a subscription without topics; it is due at once. */
    public Subscription open(final SessionSubscriptions session, final String name, final Channel channel,
            final SubscriptionOptions options) {
        final SubscriptionSchedule schedule = scheduler.add(session.session().number(), intervalNs(options),
            RateLimit.intervalNs(options));
        final Subscription subscription = new Subscription(session.session(), schedule,
            new SubscriptionCursor(topics.position(), topics.journal().entries().head(), channel.changes()), name,
            channel, options.mode() == Mode.ONCE);
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

    /** Changes the options; {@code snapshot} allows images of what was not shown before. */
    public void change(final Subscription subscription, final SubscriptionOptions options, final boolean snapshot) {
        binder.change(subscription, options, snapshot, clock.nowNs());
        scheduler.reschedule(subscription.schedule(), intervalNs(options), RateLimit.intervalNs(options));
    }

    /**
     * Adds topics, present and future.
     *
     * @param snapshot images of new topics are wanted
     * @param resumeP  the position up to which the client has everything; negative: it has nothing
     */
    public void add(final Subscription subscription, final List<SymbolPattern> patterns, final boolean snapshot,
            final long resumeP) {
        final PendingInterestIndex index = pending[subscription.channel().index()];
        index.remove(subscription);
        for (final SymbolPattern pattern : patterns) {
            final Topic topic = pattern.isExact() ? subscription.channel().topic(pattern.text()) : null;
            if (topic != null) {
                add(subscription, topic, true, snapshot, resumeP);
            } else if (pattern.isExact()) {
                addUnknown(subscription, pattern.text());
            } else {
                subscription.interest().addPattern(pattern);
                for (final Topic each : subscription.channel().topics()) {
                    if (pattern.matches(each.symbol())) {
                        add(subscription, each, false, snapshot, resumeP);
                    }
                }
            }
        }
        if (!subscription.isOnce()) {
            index.add(subscription);
        }
    }

    /** Removes topics, present and future. */
    public void remove(final Subscription subscription, final List<SymbolPattern> patterns) {
        final PendingInterestIndex index = pending[subscription.channel().index()];
        index.remove(subscription);
        for (final SymbolPattern pattern : patterns) {
            final Topic topic = pattern.isExact() ? subscription.channel().topic(pattern.text()) : null;
            if (topic != null) {
                remove(subscription, topic);
                if (!interest.isOnDemand()) {
                    continue;
                }
                // the symbol may be forgotten and appear again
            }
            subscription.interest().remove(pattern, name -> interest.remove(subscription, name));
            if (!pattern.isExact()) {
                for (final Topic each : subscription.channel().topics()) {
                    if (pattern.matches(each.symbol())) {
                        remove(subscription, each);
                    }
                }
            }
        }
        if (!subscription.isOnce()) {
            index.add(subscription);
        }
    }

    /** Ends a subscription of the session. */
    public void end(final SessionSubscriptions session, final Subscription subscription) {
        pending[subscription.channel().index()].remove(subscription);
        final SubscribedTopics subscribed = subscription.topics();
        for (int slot = 0; slot < subscribed.slots(); slot++) {
            if (subscribed.topic(slot) != SubscribedTopics.NONE) {
                final Topic topic = topics.topic(subscribed.topic(slot));
                binder.unbind(subscription, topic);
                if (subscribed.isNamed(slot)) {
                    interest.remove(subscription, topic.symbol());
                }
            }
        }
        subscription.interest().unknown().forEach(name -> interest.remove(subscription, name));
        status.remove(subscription);
        subscriptions.set(subscription.id(), null);
        scheduler.remove(subscription.schedule());
        session.remove(subscription);
        counters.increment(Counter.SUBSCRIPTIONS_CLOSED);
    }

    /** Ends all subscriptions of the session. */
    public void endAll(final SessionSubscriptions session) {
        while (session.size() > 0) {
            end(session, session.get(session.size() - 1));
        }
        reportInterest();
    }

    /** Ends the subscriptions of mode once that were sent their last image. */
    public void endFinished(final SessionSubscriptions session) {
        for (int i = session.size() - 1; i >= 0; i--) {
            if (session.get(i).cursor().isFinished()) {
                end(session, session.get(i));
            }
        }
    }

    /** A request ended: reports the symbols whose interest changed. */
    public void reportInterest() {
        interest.report((symbols, channel) -> refused[channel].removeAll(symbols));
    }

    /** A topic appeared: subscriptions that asked for it get it from its first update on. */
    public void onTopic(final Topic topic) {
        final RefusedNames refusedNames = refused[topic.channel().index()];
        pending[topic.channel().index()].onSymbol(topic.symbol(), subscription -> {
            final boolean isNamed = subscription.interest().onKnown(topic.symbol());
            if (subscription.topics().slot(topic.id()) == SubscribedTopics.NONE
                    && (isNamed || subscription.interest().matches(topic.symbol()))) {
                bind(subscription, topic, isNamed, 0);
                if (isNamed && refusedNames.get(topic.symbol()) != null) {
                    onServed(subscription, topic);
                }
            }
        });
        refusedNames.remove(topic.symbol());
    }

    /**
     * A topic is about to be forgotten: it leaves its subscriptions, which are notified. Names wait for it again.
     *
     * @param reason  why it is gone
     * @param sinceUs when, in microseconds since 1970
     */
    public void onForgotten(final Topic topic, final String reason, final long sinceUs) {
        final SymbolReports.Report report = new SymbolReports.Report(TopicState.STALE, reason, sinceUs);
        for (int id = topic.subscribers().next(0); id >= 0; id = topic.subscribers().next(id + 1)) {
            final Subscription subscription = subscriptions.get(id);
            final SubscribedTopics subscribed = subscription.topics();
            final int slot = subscribed.slot(topic.id());
            final boolean isNamed = subscribed.isNamed(slot) && !subscription.isOnce();
            // a client that was sent nothing of the topic does not know it
            if ((subscribed.sentQ(slot) != 0 || subscribed.notifiedState(slot) != TopicState.LIVE)
                    && status.onReport(subscription)) {
                subscription.reports().put(topic.symbol(), report);
            }
            subscribed.remove(slot);
            subscription.cursor().restartImageScan();
            binder.unbind(subscription, topic);
            if (isNamed) {
                final PendingInterestIndex index = pending[topic.channel().index()];
                index.remove(subscription);
                subscription.interest().addUnknown(topic.symbol());
                index.add(subscription);
            }
        }
    }

    /** The feed cannot serve a name that has no topic: subscriptions that name it are notified. */
    public void onRefused(final int channel, final String name, final String reason, final long sinceUs) {
        final SymbolReports.Report report = new SymbolReports.Report(TopicState.CLOSED, reason, sinceUs);
        if (interest.isWanted(channel, name) && topics.channels().get(channel).topic(name) == null
                && refused[channel].add(name, report)) {
            pending[channel].forNamed(name, subscription -> report(subscription, name, report));
        }
    }

    private void addUnknown(final Subscription subscription, final String name) {
        if (subscription.interest().addUnknown(name)) {
            interest.add(subscription, name);
            final SymbolReports.Report refusal = refused[subscription.channel().index()].get(name);
            if (refusal != null) {
                report(subscription, name, refusal);
            }
        }
    }

    private void report(final Subscription subscription, final String name, final SymbolReports.Report report) {
        if (status.onReport(subscription)) {
            subscription.reports().put(name, report);
        }
    }

    /** A refused name has a topic: the client is notified of the refusal, and then when the topic is live. */
    private void onServed(final Subscription subscription, final Topic topic) {
        subscription.topics().onNotified(subscription.topics().slot(topic.id()), TopicState.CLOSED);
        status.onSubscribed(subscription, topic);
    }

    private void add(final Subscription subscription, final Topic topic, final boolean isNamed, final boolean snapshot,
            final long resumeP) {
        final int slot = subscription.topics().slot(topic.id());
        if (slot == SubscribedTopics.NONE && topic.hasValue() && resumeP >= 0) {
            resume(subscription, topic, isNamed, resumption.held(subscription, topic, resumeP));
        } else if (slot == SubscribedTopics.NONE) {
            bind(subscription, topic, isNamed, !topic.hasValue() ? 0
                : snapshot ? SubscribedTopics.NEVER_SENT : topic.q());
        }
        if (isNamed && (slot == SubscribedTopics.NONE || subscription.topics().markNamed(slot))) {
            interest.add(subscription, topic.symbol());
        }
    }

    private void resume(final Subscription subscription, final Topic topic, final boolean isNamed,
            final Resumption.Held held) {
        bind(subscription, topic, isNamed, held.q());
        final SubscribedTopics subscribed = subscription.topics();
        if (held.needsWhole()) {
            subscribed.requireWhole(subscribed.slot(topic.id()));
        }
        if (held.needsImage()) {
            subscribed.requestRefresh(subscribed.slot(topic.id()));
        }
    }

    private void bind(final Subscription subscription, final Topic topic, final boolean isNamed, final long sentQ) {
        binder.bind(subscription, topic, isNamed, sentQ);
        status.onSubscribed(subscription, topic);
    }

    private void remove(final Subscription subscription, final Topic topic) {
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

    private static long intervalNs(final SubscriptionOptions options) {
        return options.intervalMs() * 1_000_000L;
    }
}
