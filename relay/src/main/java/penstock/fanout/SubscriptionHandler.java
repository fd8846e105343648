package penstock.fanout;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import penstock.fanout.schedule.FlushScheduler;
import penstock.fanout.subscription.Joining;
import penstock.fanout.subscription.Leaving;
import penstock.fanout.subscription.OptionsResolver;
import penstock.fanout.subscription.RightsChange;
import penstock.fanout.subscription.SessionProfile;
import penstock.fanout.subscription.SessionSubscriptions;
import penstock.fanout.subscription.SnapshotRequest;
import penstock.fanout.subscription.Subscription;
import penstock.fanout.subscription.SubscriptionRegistry;
import penstock.fanout.subscription.SymbolLimits;
import penstock.identity.ClientChecks;
import penstock.identity.Entitlement;
import penstock.identity.Identity;
import penstock.identity.SessionAccess;
import penstock.memory.MemoryShare;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.ErrorCode;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
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
    private final SlicedWork.Task leaving = new SlicedWork.Task() {
        @Override
        public boolean advance(final SlicedWork.Slice slice) {
            isLeaving = !registry.advance(slice::isOver);
            return !isLeaving;
        }

        @Override
        public void onFailure(final Throwable failure) {
            registry.skip();
            isLeaving = false;
            beginLeaving(work::add);
        }
    };
    private final ClientChecks clients = new ClientChecks();
    private boolean isLeaving;

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
        symbolLimits = new SymbolLimits(() -> settings.limits().symbols());
        registry.onWork(() -> beginLeaving(work::add), () -> beginLeaving(work::addLater));
        options = new OptionsResolver(topics, settings::defaultIntervalMs, () -> settings.limits().subscriptions());
    }

    /** Whether clients still are clients. */
    ClientChecks clients() {
        return clients;
    }

    /**
     * Begins to have the subscriptions of a session follow what its client may see by now. {@code onMemoryFull} is to
     * end the session.
     */
    RequestWork follow(final SessionSubscriptions session, final Runnable onMemoryFull) {
        final SessionAccess client = session.session().access();
        final Entitlement before = clients.change(client, topics.position());
        final List<RightsChange> changes = new ArrayList<>();
        final RequestWork work = new RequestWork(() -> { },
            () -> changes.forEach(change -> change.onPause(session.session().client())),
            () -> changes.forEach(RightsChange::close));
        for (final Subscription subscription : session.all()) {
            final RightsChange change =
                new RightsChange(registry, subscription, before, client.entitlement(), onMemoryFull);
            changes.add(change);
            work.loop(change::losses).loop(change::names).part(slice -> change.search(slice::isOver))
                .loop(change::gains).loop(change::layout).loop(change::newLayout).loop(change::joins)
                .loop(change::equalTable).step(() -> {
                    if (change.end()) {
                        scheduler.due(subscription.schedule());
                    }
                });
        }
        return work;
    }

    /** Whether a request resumes at a position of this epoch that another relay has reached, and this one will. */
    boolean isAhead(final Request request) {
        if (!(request instanceof Request.Subscribe subscribe) || subscribe.resume() == null
                || subscribe.resume().epoch() != topics.epoch()) {
            return false;
        }
        // another shard may have been ahead, so that the client has more than this table: all of that is in the ring
        drainRing.run();
        return topics.isRelayed() && subscribe.resume().p() > topics.completePosition();
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

    /**
     * Begins to handle a request.
     *
     * @param replies receives the reply when the work is done
     * @throws RequestException what is certain to be refused
     */
    RequestWork begin(final SessionSubscriptions session, final Request request, final Consumer<MessageBuffer> replies)
            throws RequestException {
        if (request instanceof Request.Subscribe subscribe) {
            return subscribe(session, subscribe, session.find(subscribe.sub(), false), false, replies);
        } else if (request instanceof Request.Change change) {
            final Subscription existing = session.find(change.sub(), false);
            if (existing == null) {
                throw unknown(change.sub(), change.id());
            }
            return subscribe(session, change.asSubscribe(), existing, true, replies);
        } else if (request instanceof Request.Unsubscribe unsubscribe) {
            return unsubscribe(session, unsubscribe, replies);
        } else if (request instanceof Request.ListSubscriptions) {
            return list(session, request.id(), replies);
        } else if (request instanceof Request.Report report) {
            session.session().access().report(report);
            return new RequestWork().stepAtOnce(() -> replies.accept(messages.reported(request.id())));
        } else if (request instanceof Request.Ping) {
            return new RequestWork().stepAtOnce(() -> replies.accept(messages.pong(request.id())));
        } else {
            clients.renew(session.session().access(), ((Request.Auth) request).token(), request.id());
            return new RequestWork().stepAtOnce(() -> replies.accept(messages.authenticated(request.id())));
        }
    }

    /** Begins to find out whether a new session would refuse its first request. */
    RequestWork check(final Request.Subscribe first, final Identity client) throws RequestException {
        final SessionSubscriptions none = new SessionSubscriptions(SessionProfile.notYetOf(client));
        final Channel channel = options.channel(none, first, null);
        final Joining joining = new Joining(registry, symbolLimits, none, null, channel, first,
            options.options(first, channel, null));
        final RequestWork checks = new RequestWork(() -> { }, () -> { }, joining::close);
        check(checks, joining);
        return checks;
    }

    /** Subscriptions of mode once that were sent their last image end. */
    void endFinished(final SessionSubscriptions session) {
        registry.endFinished(session);
    }

    /** The session ends. */
    void endAll(final SessionSubscriptions session) {
        registry.endAll(session);
    }

    /** A change is a subscribe without symbols; only the reply differs. */
    private RequestWork subscribe(final SessionSubscriptions session, final Request.Subscribe request,
            final Subscription existing, final boolean isChange, final Consumer<MessageBuffer> replies)
            throws RequestException {
        final Channel channel = options.channel(session, request, existing);
        final SubscriptionOptions resolved = options.options(request, channel, existing);
        checkPending(existing, request.id());
        if (isAhead(request) && session.isEnded()) {
            // a new topic ended it, for want of memory
            return new RequestWork();
        }
        final Joining joining =
            new Joining(registry, symbolLimits, session, existing, channel, request, resolved);
        final RequestWork work =
            new RequestWork(joining::onSlice, () -> joining.onPause(session.session().client()), joining::close);
        check(work, joining);
        final Answer answer = new Answer(session, request, existing, resolved, joining);
        work.loop(joining::resume).loop(joining::resumeNames).loop(joining::newLayout).urgent()
            .step(() -> begin(answer));
        if (existing != null && !resolved.equals(existing.options())) {
            work.loop(() -> registry.change(existing, resolved, answer.snapshot.code()))
                .step(() -> registry.endChange(existing));
        }
        work.longStep(() -> joining.begin(answer.subscription, answer.snapshot.code())).loop(joining::patterns)
            .loop(joining::topics).loop(joining::exactNames).loop(joining::lostResume).loop(joining::equalTable)
            .step(joining::share);
        if (session.session().hasMessages()) {
            collect(work, () -> answer.collected);
            work.loop(() -> answer.unknown.names()).loop(() -> answer.unknown.compared());
        }
        work.loop(joining::deniedNames).part(slice -> joining.deniedPatterns(slice::isOver))
            .step(joining::reportDenials);
        return work.longStep(() -> finish(answer, isChange, replies));
    }

    /** A subscribe or change while it is worked on. */
    private static final class Answer {
        private final SessionSubscriptions session;
        private final Request.Subscribe request;
        private final boolean isFirst;
        private final SubscriptionOptions resolved;
        private final Joining joining;
        private Subscription subscription;
        private SnapshotRequest snapshot;
        private ControlMessages.Collected collected;
        private ControlMessages.Unknown unknown;

        Answer(final SessionSubscriptions session, final Request.Subscribe request, final Subscription existing,
                final SubscriptionOptions resolved, final Joining joining) {
            this.session = session;
            this.request = request;
            this.resolved = resolved;
            this.joining = joining;
            subscription = existing;
            isFirst = existing == null;
        }
    }

    /** What may refuse a request. */
    private static void check(final RequestWork work, final Joining joining) {
        work.loop(joining::names).step(joining::checkLimits).part(slice -> joining.search(slice::isOver))
            .loop(joining::newTopics).loop(joining::otherViews).loop(joining::layout).loop(joining::tables)
            .step(joining::checkMemory);
    }

    private void begin(final Answer answer) {
        if (answer.isFirst) {
            answer.subscription = registry.open(answer.session, answer.request.sub(), answer.joining.channel(),
                answer.resolved);
        } else {
            scheduler.pause(answer.subscription.schedule());
        }
        final boolean isResumed = answer.joining.isResumed();
        answer.snapshot = new SnapshotRequest(answer.request.id(), answer.subscription,
            answer.request.snapshot() || answer.subscription.isOnce() || isResumed, answer.isFirst, isResumed);
        answer.collected = messages.collect(answer.subscription);
        answer.unknown = messages.unknown(answer.subscription, answer.request.symbols());
    }

    private void collect(final RequestWork work, final Supplier<ControlMessages.Collected> collected) {
        work.loop(() -> collected.get().topics()).loop(() -> collected.get().names())
            .loop(() -> collected.get().order());
    }

    private void finish(final Answer answer, final boolean isChange, final Consumer<MessageBuffer> replies) {
        final Subscription subscription = answer.subscription;
        final boolean isResumed = answer.joining.isResumed();
        final SnapshotRequest snapshot =
            isResumed ? answer.snapshot : answer.snapshot.withoutResume(answer.isFirst);
        if (isChange) {
            replies.accept(messages.changed(answer.request.id(), answer.collected, snapshot.replaces()));
        } else if (answer.session.session().hasMessages()) {
            replies.accept(messages.subscribed(answer.request, answer.collected, answer.unknown, snapshot.replaces(),
                isResumed));
        }
        if (isResumed && subscription.deliversAll()) {
            // up to there, and no further before it has caught up
            subscription.cursor().resumeAt(answer.request.resume().p());
            scheduler.goBack(subscription.schedule());
        }
        snapshot.send();
        subscription.cursor().restartImageScan();
        scheduler.due(subscription.schedule());
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

    private RequestWork unsubscribe(final SessionSubscriptions session, final Request.Unsubscribe request,
            final Consumer<MessageBuffer> replies) throws RequestException {
        final Subscription subscription = toEnd(session, request);
        if (subscription == null) {
            throw unknown(request.sub(), request.id());
        }
        if (request.symbols().isEmpty()) {
            return new RequestWork().step(() -> {
                registry.end(session, subscription);
                replies.accept(messages.unsubscribed(request.id(), request.sub(), 0));
            });
        }
        final Leaving leaving = new Leaving(registry, symbolLimits, session.all(), subscription, request);
        final ControlMessages.Collected left = messages.collect(subscription);
        return new RequestWork(() -> { }, () -> leaving.onPause(session.session().client()), leaving::close)
            .loop(leaving::symbols).step(leaving::check).part(slice -> leaving.search(slice::isOver))
            .urgent().step(() -> pause(subscription)).loop(leaving::exclusions)
            .part(slice -> leaving.sweep(slice::isOver)).loop(leaving::reports).loop(leaving::idleRules)
            .loop(left::topics)
            .step(() -> {
                replies.accept(messages.unsubscribed(request.id(), request.sub(), left.matched()));
                goOn(subscription);
            });
    }

    /** No position may reach the client that is not true of the topics which left before the answer. */
    private void pause(final Subscription subscription) {
        if (!subscription.schedule().isEnded()) {
            scheduler.pause(subscription.schedule());
        }
    }

    private void goOn(final Subscription subscription) {
        if (!subscription.schedule().isEnded()) {
            scheduler.due(subscription.schedule());
        }
    }

    private RequestWork list(final SessionSubscriptions session, final String requestId,
            final Consumer<MessageBuffer> replies) {
        final List<ControlMessages.Collected> all = new ArrayList<>();
        final RequestWork work = new RequestWork();
        for (final Subscription subscription : session.all()) {
            final ControlMessages.Collected collected = messages.collect(subscription);
            all.add(collected);
            collect(work, () -> collected);
        }
        return work.longStep(() -> replies.accept(messages.list(requestId, all)));
    }

    /** A subscription of mode once ends on its own; its name can be reused before that. */
    private static Subscription toEnd(final SessionSubscriptions session, final Request.Unsubscribe request) {
        final Subscription running = session.find(request.sub(), false);
        return running == null ? session.find(request.sub(), true) : running;
    }

    /** Subscriptions have ended: what they hold is given back. Or patterns are to be looked at. */
    private void beginLeaving(final Consumer<SlicedWork.Task> begin) {
        if (!isLeaving) {
            isLeaving = true;
            begin.accept(leaving);
        }
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
