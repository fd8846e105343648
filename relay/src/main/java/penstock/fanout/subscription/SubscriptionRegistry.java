package penstock.fanout.subscription;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.agrona.collections.IntArrayList;
import penstock.fanout.schedule.FlushScheduler;
import penstock.fanout.schedule.ShardClock;
import penstock.fanout.schedule.SubscriptionSchedule;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.ring.TopicState;
import penstock.topic.Channel;
import penstock.topic.IdSet;
import penstock.topic.Topic;
import penstock.topic.TopicSearch;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;
import penstock.wire.RequestException;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;
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
    private final MemoryShare memory;
    private final MemoryCheck memoryCheck;
    private final TopicLayouts layouts;
    private final Selection selection = new Selection();
    private final IntArrayList matching = new IntArrayList();

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
        memoryCheck = new MemoryCheck(memory, counters, topics);
        layouts = new TopicLayouts(memory);
        binder = new TopicBinder(topics, memory);
        resumption = new Resumption(topics);
        pending = new PendingInterestIndex[topics.channels().size()];
        refused = new RefusedNames[pending.length];
        for (int i = 0; i < pending.length; i++) {
            pending[i] = new PendingInterestIndex(memory);
            refused[i] = new RefusedNames(memory);
        }
    }

    /** What clients may make the shard hold. */
    public MemoryShare memory() {
        return memory;
    }

    /** Makes a subscription without topics; it is due at once. */
    public Subscription open(final SessionSubscriptions session, final String name, final Channel channel,
            final SubscriptionOptions options) {
        memory.reserve(MemoryUse.SUBSCRIPTIONS, Subscription.BYTES);
        final SubscriptionSchedule schedule = scheduler.add(session.session().number(), intervalNs(options),
            RateLimit.intervalNs(options));
        final Subscription subscription = new Subscription(session.session(), schedule,
            new SubscriptionCursor(topics.position(), topics.journal().entries().head(), channel.changes()), name,
            channel, options.mode() == Mode.ONCE, new Subscription.Symbols(
            new SubscribedTopics(layouts), new SymbolInterest(pending[channel.index()]),
            new SymbolReports(memory)));
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

    /** Changes the options; what was not shown before comes in the snapshot with that code, if there is one. */
    public void change(final Subscription subscription, final SubscriptionOptions options, final long code) {
        binder.change(subscription, options, code, clock.nowNs());
        scheduler.reschedule(subscription.schedule(), intervalNs(options), RateLimit.intervalNs(options));
    }

    /** Begins to search for the topics that match the patterns among {@code symbols}. */
    public TopicSearch search(final Channel channel, final List<SymbolPattern> symbols) {
        return Selection.search(topics, channel, symbols);
    }

    /**
     * Finds what a request adds, for {@link #add}, and refuses it if that does not fit the memory limits.
     *
     * @param search   for the topics that match its patterns
     * @param existing the subscription that the request names, or null
     */
    public void select(final Channel channel, final Request.Subscribe request, final TopicSearch search,
            final SubscriptionOptions options, final Subscription existing) throws RequestException {
        selection.select(channel, request.symbols(), search.complete(), existing == null ? null : existing.topics());
        final SubscribedTopics table = existing == null ? new SubscribedTopics(layouts) : existing.topics();
        final int id = existing == null ? scheduler.nextId() : existing.id();
        long bytes = table.growth(selection.topics(), selection.count(), RateLimit.isNeeded(options))
            + (existing == null ? Subscription.BYTES : 0);
        final long most = selection.count() * IdSet.maxGrowth(id);
        // a pass over many topics costs as much as to bind them
        if (memory.fits(MemoryUse.SUBSCRIPTIONS, bytes + most)) {
            bytes += most;
        } else {
            for (int i = 0; i < selection.count(); i++) {
                bytes += topics.topic(selection.topics()[i]).subscribers().growth(id);
            }
        }
        memoryCheck.check(MemoryUse.SUBSCRIPTIONS, bytes, "/symbols", request.id());
        memoryCheck.checkNames(selection, pending[channel.index()], existing, request.id());
        memoryCheck.checkViews(selection, channel, Subscription.view(channel, options), existing, request.id());
    }

    /**
     * Adds the selected topics, present and future.
     *
     * @param code   the snapshot of the images of new topics; {@link SubscribedTopics#NEVER_SENT}: none are wanted
     * @param resume what the client has, or null
     */
    public void add(final Subscription subscription, final long code, final Resume resume) {
        final SubscribedTopics table = subscription.topics();
        table.expect(selection.topics(), selection.count());
        for (int i = 0; i < selection.count(); i++) {
            final Topic topic = topics.topic(selection.topics()[i]);
            if (topic.hasValue() && resume != null && resume.claims(topic.symbol())) {
                resume(subscription, topic, code, resumption.held(subscription, topic, resume.p()));
            } else {
                bind(subscription, topic, false, !topic.hasValue() ? 0
                    : code != SubscribedTopics.NEVER_SENT ? code : topic.q());
            }
        }
        for (final Topic topic : selection.named()) {
            if (table.markNamed(table.slot(topic.id()))) {
                interest.add(subscription, topic.symbol());
            }
        }
        for (final SymbolPattern name : selection.unknown()) {
            addUnknown(subscription, name.symbol());
        }
        selection.patterns().forEach(pattern -> subscription.interest().addPattern(subscription.id(), pattern));
        table.share();
    }

    /** Refuses to remember more exclusions than the memory limits allow. */
    public void checkExclusions(final Subscription subscription, final Request.Unsubscribe request)
            throws RequestException {
        long bytes = 0;
        for (final SymbolPattern pattern : request.symbols()) {
            final boolean isKnown = !interest.isOnDemand() && pattern.isExact()
                && subscription.channel().topic(pattern.symbol()) != null;
            bytes += isKnown || !subscription.interest().needsRule(pattern) ? 0 : PendingInterestIndex.growth(pattern);
        }
        memoryCheck.check(MemoryUse.NAMES, bytes, "/symbols", request.id());
    }

    /** Removes topics, present and future; {@code search} is for those that match the patterns. */
    public void remove(final Subscription subscription, final List<SymbolPattern> patterns, final TopicSearch search) {
        for (final SymbolPattern pattern : patterns) {
            final Topic topic = pattern.isExact() ? subscription.channel().topic(pattern.symbol()) : null;
            if (topic != null) {
                remove(subscription, topic);
                if (!interest.isOnDemand()) {
                    continue;
                }
                // the symbol may be forgotten and appear again
            }
            subscription.interest().remove(subscription.id(), pattern, name -> interest.remove(subscription, name));
        }
        final IdSet matching = search.complete();
        for (int id = matching.next(0); id >= 0; id = matching.next(id + 1)) {
            remove(subscription, topics.topic(id));
        }
    }

    /** Ends a subscription of the session. */
    public void end(final SessionSubscriptions session, final Subscription subscription) {
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
        subscribed.clear();
        subscription.reports().clear();
        subscription.endView();
        memory.release(MemoryUse.SUBSCRIPTIONS, Subscription.BYTES);
        subscription.interest().end(subscription.id(), name -> interest.remove(subscription, name));
        status.remove(subscription);
        subscriptions.set(subscription.id(), null);
        scheduler.remove(subscription.schedule());
        session.remove(subscription);
        counters.increment(Counter.SUBSCRIPTIONS_CLOSED);
    }

    /** The session ends: so do all of its subscriptions. */
    public void endAll(final SessionSubscriptions session) {
        session.end();
        while (session.size() > 0) {
            end(session, session.get(session.size() - 1));
        }
        reportInterest(session);
    }

    /** Ends the subscriptions of mode once that were sent their last image. */
    public void endFinished(final SessionSubscriptions session) {
        for (int i = session.size() - 1; i >= 0; i--) {
            if (session.get(i).cursor().isFinished()) {
                end(session, session.get(i));
            }
        }
    }

    /** A request of a session ended: reports the symbols whose interest changed. */
    public void reportInterest(final SessionSubscriptions session) {
        interest.report(session.session().client(), (symbols, channel) -> refused[channel].removeAll(symbols));
    }

    /**
     * A topic appeared: subscriptions that asked for it get it from its first update on. {@code evict} is given the
     * number of a session whose subscription cannot grow, because the memory for subscriptions is full: it must end.
     */
    public void onTopic(final Topic topic, final IntConsumer evict) {
        final PendingInterestIndex index = pending[topic.channel().index()];
        final PendingName name = index.take(topic.symbol());
        if (name != null) {
            // all wait no longer before any of them can end
            final List<Subscription> waited = new ArrayList<>();
            name.waiting().forEachInt(id -> waited.add(subscriptions.get(id)));
            waited.forEach(subscription -> subscription.interest().onKnown(name));
            waited.forEach(subscription -> joinNamed(subscription, topic, evict));
        }
        refused[topic.channel().index()].remove(topic.symbol());
        matching.clear();
        index.findMatching(topic.symbol(), matching);
        matching.forEachInt(id -> {
            final Subscription subscription = subscriptions.get(id);
            if (subscription != null && subscription.interest().matches(topic.symbol())) {
                join(subscription, topic, false, evict);
            }
        });
    }

    private void joinNamed(final Subscription subscription, final Topic topic, final IntConsumer evict) {
        if (!join(subscription, topic, true, evict)) {
            interest.remove(subscription, topic.symbol());
        } else if (refused[topic.channel().index()].get(topic.symbol()) != null && !subscription.isOnce()) {
            onServed(subscription, topic);
        }
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
                subscription.interest().addUnknown(subscription.id(), topic.symbol());
            }
        }
    }

    /** The feed cannot serve a name that has no topic: subscriptions that name it are notified. */
    public void onRefused(final int channel, final String name, final String reason, final long sinceUs) {
        final SymbolReports.Report report = new SymbolReports.Report(TopicState.CLOSED, reason, sinceUs);
        if (interest.isWanted(channel, name) && topics.channels().get(channel).topic(name) == null
                && refused[channel].add(name, report)) {
            final PendingName waiting = pending[channel].find(name);
            if (waiting != null) {
                waiting.waiting().forEachInt(id -> report(subscriptions.get(id), waiting.text(), report));
            }
        }
    }

    private void addUnknown(final Subscription subscription, final String name) {
        final String added = subscription.interest().addUnknown(subscription.id(), name);
        if (added != null) {
            interest.add(subscription, added);
            final SymbolReports.Report refusal = refused[subscription.channel().index()].get(name);
            if (refusal != null) {
                report(subscription, added, refusal);
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

    private void resume(final Subscription subscription, final Topic topic, final long code,
            final Resumption.Held held) {
        bind(subscription, topic, false, held.q() < 0 ? code : held.q());
        final SubscribedTopics subscribed = subscription.topics();
        if (held.needsWhole()) {
            subscribed.requireWhole(subscribed.slot(topic.id()));
        }
        if (held.needsImage()) {
            subscribed.requestRefresh(subscribed.slot(topic.id()));
        }
    }

    /** False if the subscription has ended, now or before. */
    private boolean join(final Subscription subscription, final Topic topic, final boolean isNamed,
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
            bind(subscription, topic, isNamed, 0);
        }
        return true;
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
