package penstock.fanout;

import java.util.List;
import penstock.fanout.schedule.FlushScheduler;
import penstock.fanout.subscription.OptionsResolver;
import penstock.fanout.subscription.Resumption;
import penstock.fanout.subscription.SessionSubscriptions;
import penstock.fanout.subscription.SnapshotRequest;
import penstock.fanout.subscription.Subscription;
import penstock.fanout.subscription.SubscriptionRegistry;
import penstock.fanout.subscription.SymbolLimits;
import penstock.memory.MemoryShare;
import penstock.topic.Channel;
import penstock.topic.TopicSearch;
import penstock.topic.TopicTable;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;
import penstock.wire.request.SymbolPattern;

/**
 * Handles requests: checks them, has subscriptions made, changed or ended, and replies. Owned by the shard's io thread.
 */
final class SubscriptionHandler {
    private static final int MAX_PENDING = 100;
    private static final int PENDING_WAIT_MS = 1_000;

    private final TopicTable topics;
    private final SlicedWork work;
    private final FlushScheduler scheduler;
    private final SubscriptionRegistry registry;
    private final ControlMessages messages;
    private final Runnable drainRing;
    private final SymbolLimits symbolLimits;
    private final OptionsResolver options;
    private final Resumption resumption;

    /** {@code drainRing} stores all ticks that are in the ring. */
    SubscriptionHandler(final TopicTable topics, final SessionSettings settings, final FlushScheduler scheduler,
            final SubscriptionRegistry registry, final ControlMessages messages, final Runnable drainRing,
            final SlicedWork work) {
        this.topics = topics;
        this.work = work;
        this.scheduler = scheduler;
        this.registry = registry;
        this.messages = messages;
        this.drainRing = drainRing;
        symbolLimits = new SymbolLimits(settings.limits().symbols());
        options = new OptionsResolver(topics, settings.defaultIntervalMs(), settings.limits().subscriptions(),
            symbolLimits);
        resumption = new Resumption(topics);
    }

    /** The venue is asked only for symbols that subscriptions name: one session names at most that many. */
    void limitDemand(final int maxSymbols) {
        symbolLimits.limitDemand(maxSymbols);
        messages.hintOnDemand();
    }

    /** What a request costs, in microseconds; little if it will be refused. */
    double cost(final SessionSubscriptions session, final Request request) {
        final Channel channel = channel(session, request);
        return channel == null ? 0 : RequestCost.of(symbols(request), channel) + leaving(session, request);
    }

    /** What a client pays for a request, in microseconds. */
    double price(final SessionSubscriptions session, final Request request) {
        final Channel channel = channel(session, request);
        return channel == null ? 0 : RequestCost.price(symbols(request), channel) + leaving(session, request);
    }

    /** What clients may make the shard hold. */
    MemoryShare memory() {
        return registry.memory();
    }

    /** The long work of the io thread. */
    SlicedWork work() {
        return work;
    }

    /** Refuses what is certain to be refused, before the topics of a long request are searched. */
    void check(final SessionSubscriptions session, final Request request) throws RequestException {
        if (request instanceof Request.Subscribe subscribe) {
            final Subscription existing = session.find(subscribe.sub(), false);
            options.options(subscribe, options.channel(session.all(), subscribe, existing), existing);
        }
    }

    /** Begins the search for the topics that a request matches. */
    TopicSearch search(final SessionSubscriptions session, final Request request) {
        final Channel channel = channel(session, request);
        return channel == null ? TopicSearch.NONE : registry.search(channel, symbols(request));
    }

    /** Handles a request, for which {@code search} looked, and replies to it. */
    void onRequest(final SessionSubscriptions session, final Request request, final TopicSearch search,
            final Replies replies) throws RequestException {
        if (request instanceof Request.Subscribe subscribe) {
            onSubscribe(session, subscribe, search, replies);
        } else if (request instanceof Request.Change change) {
            onChange(session, change, replies);
        } else if (request instanceof Request.Unsubscribe unsubscribe) {
            onUnsubscribe(session, unsubscribe, search, replies);
        } else if (request instanceof Request.ListSubscriptions) {
            replies.send(messages.list(request.id(), session.all()));
        } else if (request instanceof Request.Ping) {
            replies.send(messages.pong(request.id()));
        } else if (request instanceof Request.Auth) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/op",
                "authentication is off on this relay: no auth needed", request.id());
        }
    }

    /** Refuses what a new session is certain to be refused. */
    void check(final Request.Subscribe first) throws RequestException {
        options.options(first, options.channel(List.of(), first, null), null);
    }

    /** Refuses what a new session would be refused; {@code search} is for the topics of its first request. */
    void check(final Request.Subscribe first, final TopicSearch search) throws RequestException {
        final Channel channel = options.channel(List.of(), first, null);
        registry.select(channel, first, search, options.options(first, channel, null), null);
    }

    /** Begins the search for the topics of the first request of a session, whose channel exists. */
    TopicSearch search(final Request.Subscribe first) {
        return registry.search(topics.channel(first.channel()), first.symbols());
    }

    /** Subscriptions of mode once that were sent their last image end. */
    void endFinished(final SessionSubscriptions session) {
        registry.endFinished(session);
    }

    /** The session ends. */
    void endAll(final SessionSubscriptions session) {
        registry.endAll(session);
    }

    private void onSubscribe(final SessionSubscriptions session, final Request.Subscribe request,
            final TopicSearch search, final Replies replies) throws RequestException {
        final Subscription existing = session.find(request.sub(), false);
        final Channel channel = options.channel(session.all(), request, existing);
        final SubscriptionOptions resolved = options.options(request, channel, existing);
        checkPending(existing, request.id());
        if (request.resume() != null) {
            // another shard may have been ahead, so that the client has more than this table: all of that is in the
            // ring
            drainRing.run();
            if (session.isEnded()) {
                // a new topic ended it, for want of memory
                return;
            }
        }
        registry.select(channel, request, search, resolved, existing);
        final Resume resume = resume(request, channel, resolved, existing);
        final Subscription subscription = existing == null ? registry.open(session, request.sub(), channel, resolved)
            : existing;
        final SnapshotRequest snapshot = new SnapshotRequest(request.id(), subscription,
            request.snapshot() || subscription.isOnce() || resume != null, existing == null, resume != null);
        if (existing != null) {
            change(existing, resolved, snapshot.code());
        }
        registry.add(subscription, snapshot.code(), resume);
        registry.reportInterest(session);
        if (session.session().hasMessages()) {
            replies.send(messages.subscribed(request, subscription, snapshot.replaces(), resume != null));
        }
        if (resume != null && subscription.deliversAll()) {
            // up to there, and no further before it has caught up
            subscription.cursor().resumeAt(resume.p());
            scheduler.goBack(subscription.schedule());
        }
        finish(subscription, snapshot);
    }

    private void onChange(final SessionSubscriptions session, final Request.Change request, final Replies replies)
            throws RequestException {
        final Subscription existing = session.find(request.sub(), false);
        if (existing == null) {
            throw unknown(request.sub(), request.id());
        }
        final Request.Subscribe asSubscribe = request.asSubscribe();
        final Channel channel = options.channel(session.all(), asSubscribe, existing);
        final SubscriptionOptions resolved = options.options(asSubscribe, channel, existing);
        checkPending(existing, request.id());
        registry.select(channel, asSubscribe, TopicSearch.NONE, resolved, existing);
        final SnapshotRequest snapshot =
            new SnapshotRequest(request.id(), existing, request.snapshot(), false, false);
        change(existing, resolved, snapshot.code());
        replies.send(messages.changed(request.id(), existing, snapshot.replaces()));
        finish(existing, snapshot);
    }

    private void change(final Subscription existing, final SubscriptionOptions resolved, final long code) {
        if (!resolved.equals(existing.options())) {
            registry.change(existing, resolved, code);
        }
    }

    private void finish(final Subscription subscription, final SnapshotRequest snapshot) {
        snapshot.send();
        subscription.cursor().restartImageScan();
        scheduler.due(subscription.schedule());
    }

    /**
     * What the client has, if the relay still knows what followed; else null. A request that adds to a subscription
     * must say which symbols it has: the position may be older than the request.
     */
    private Resume resume(final Request.Subscribe request, final Channel channel, final SubscriptionOptions resolved,
            final Subscription existing) {
        final Resume resume = request.resume();
        if (resume == null || existing != null && !resume.isExplicit()) {
            return null;
        }
        return resumption.isPossible(resume, channel, resolved.mode(), request.symbols()) ? resume : null;
    }

    /** A client that does not read its snapshots, or limits their bytes, cannot ask for any number of them. */
    private static void checkPending(final Subscription existing, final String requestId) throws RequestException {
        if (existing != null && existing.cursor().snapshots().size() >= MAX_PENDING) {
            throw RequestException.rateLimited(MAX_PENDING + " snapshots of the subscription are pending", requestId,
                PENDING_WAIT_MS);
        }
    }

    private static RequestException unknown(final String sub, final String requestId) {
        return new RequestException(ErrorCode.UNKNOWN_SUBSCRIPTION, "/sub", "no subscription '" + sub + "'", requestId);
    }

    private void onUnsubscribe(final SessionSubscriptions session, final Request.Unsubscribe request,
            final TopicSearch search, final Replies replies) throws RequestException {
        final Subscription subscription = toEnd(session, request);
        if (subscription == null) {
            throw unknown(request.sub(), request.id());
        }
        final boolean ends = request.symbols().isEmpty();
        if (ends) {
            registry.end(session, subscription);
        } else {
            symbolLimits.checkUnsubscribe(session.all(), subscription, request.symbols(), request.id());
            registry.checkExclusions(subscription, request);
            registry.remove(subscription, request.symbols(), search);
        }
        registry.reportInterest(session);
        replies.send(messages.unsubscribed(request.id(), request.sub(), ends ? null : subscription));
    }

    /** A subscription of mode once ends on its own; its name can be reused before that. */
    private static Subscription toEnd(final SessionSubscriptions session, final Request.Unsubscribe request) {
        final Subscription running = session.find(request.sub(), false);
        return running == null ? session.find(request.sub(), true) : running;
    }

    private static double leaving(final SessionSubscriptions session, final Request request) {
        final Subscription left = request instanceof Request.Unsubscribe unsubscribe ? toEnd(session, unsubscribe)
            : null;
        return left == null ? 0 : RequestCost.leaving(symbols(request), left.interest());
    }

    /** The channel of the symbols of a request; null if there is none. */
    private Channel channel(final SessionSubscriptions session, final Request request) {
        if (request instanceof Request.Subscribe subscribe) {
            final Subscription existing = session.find(subscribe.sub(), false);
            return existing == null ? topics.channel(subscribe.channel()) : existing.channel();
        }
        final Subscription existing = request instanceof Request.Unsubscribe unsubscribe ? toEnd(session, unsubscribe)
            : null;
        return existing == null ? null : existing.channel();
    }

    /** The symbols of a request. */
    static List<SymbolPattern> symbols(final Request request) {
        return request instanceof Request.Subscribe subscribe ? subscribe.symbols()
            : request instanceof Request.Unsubscribe unsubscribe ? unsubscribe.symbols() : List.of();
    }
}
