package penstock.fanout;

import java.util.List;
import java.util.SplittableRandom;
import penstock.telemetry.Counter;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.CloseStatus;
import penstock.wire.ErrorCode;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;
import penstock.wire.RequestException;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolPattern;

/**
 * Where requests are dealt with: subscriptions made, changed and ended, new symbols joined, demand counted. Owned by
 * the shard.
 */
final class SubscriptionHandler {
    /**
     * A request adds topics to a subscription: with images, or from where a client stopped; {@code resumeP} is negative
     * if it did not.
     */
    private record Joining(Subscription subscription, boolean snapshot, long resumeP) {
    }

    private final Shard shard;
    private final TopicTable topics;
    private final PendingInterestIndex[] joiners;
    private final SymbolLimits symbolLimits;
    private final OptionsResolver agreement;
    private final TopicBinder holding;
    private final Resumption resumption;
    private final InterestCounts demand;
    private final SplittableRandom random = new SplittableRandom();

    SubscriptionHandler(final Shard shard) {
        this.shard = shard;
        topics = shard.topics();
        joiners = new PendingInterestIndex[topics.channels().size()];
        for (int i = 0; i < joiners.length; i++) {
            joiners[i] = new PendingInterestIndex();
        }
        symbolLimits = new SymbolLimits(shard.settings().limits().symbols());
        agreement = new OptionsResolver(topics, shard.settings(), symbolLimits);
        holding = new TopicBinder(shard);
        resumption = new Resumption(topics);
        demand = new InterestCounts(joiners.length);
    }

    InterestCounts demand() {
        return demand;
    }

    /** A name for a session that is not guessed and not repeated in any log. */
    String newSessionId() {
        return Long.toUnsignedString(random.nextLong(), 36);
    }

    void handle(final Session session, final Request request) throws RequestException {
        if (request instanceof Request.Subscribe subscribe) {
            subscribe(session, subscribe);
        } else if (request instanceof Request.Unsubscribe unsubscribe) {
            unsubscribe(session, unsubscribe);
        } else if (request instanceof Request.ListSubscriptions) {
            shard.answers().list(session, request.id());
        } else if (request instanceof Request.Ping) {
            final MessageBuffer message = shard.message();
            MessageEncoder.pong(message, request.id(), shard.epochUs(shard.nowNs()));
            session.say(message);
        } else if (request instanceof Request.Auth) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/op",
                "authentication is off on this relay: no auth needed", request.id());
        }
    }

    /** A symbol appeared: whoever wanted it holds it from its first update on. */
    void onTopic(final Topic topic) {
        joiners[topic.channel().index()].onSymbol(topic.symbol(), subscription -> {
            final boolean named = subscription.wanted.known(topic.symbol());
            if (subscription.held.slot(topic.id()) == SubscribedTopics.NONE
                    && (named || subscription.wanted.matches(topic.symbol()))) {
                holding.hold(subscription, topic, named, 0);
            }
        });
    }

    /** A subscription of mode once has what it wanted; so has a session that can ask for nothing else. */
    void onImagesSent(final Subscription subscription) {
        end(subscription);
        if (subscription.session.kind() != SessionKind.PROTOCOL) {
            subscription.session.close(CloseStatus.NORMAL);
        }
    }

    void endAll(final Session session) {
        while (!session.subscriptions.isEmpty()) {
            end(session.subscriptions.get(session.subscriptions.size() - 1));
        }
        demand.tell();
    }

    private void end(final Subscription subscription) {
        joiners[subscription.channel.index()].remove(subscription);
        final SubscribedTopics held = subscription.held;
        for (int slot = 0; slot < held.slots(); slot++) {
            if (held.topic(slot) != SubscribedTopics.NONE) {
                final Topic topic = topics.topic(held.topic(slot));
                holding.leave(subscription, topic);
                if (held.isByName(slot)) {
                    demand.release(subscription, topic.symbol());
                }
            }
        }
        subscription.wanted.unknown().forEach(name -> demand.release(subscription, name));
        shard.states().remove(subscription);
        shard.dues().remove(subscription);
        subscription.session.subscriptions.remove(subscription);
        shard.counters().increment(Counter.SUBSCRIPTIONS_CLOSED);
    }

    private void subscribe(final Session session, final Request.Subscribe request) throws RequestException {
        final Subscription existing = find(session, request.sub(), false);
        final Channel channel = agreement.channel(session.subscriptions, request, existing);
        final SubscriptionOptions terms = agreement.terms(request, channel, existing);
        if (request.resume() != null) {
            // another shard may have been quicker, and have told it more than its position says: all of that is in the
            // ring
            shard.drainRing();
        }
        final boolean resumed = resumption.isPossible(request.resume(), channel, terms.mode(), request.symbols());
        final Subscription subscription = existing == null ? open(session, request.sub(), channel, terms) : existing;
        if (existing != null && !terms.equals(existing.terms())) {
            holding.change(existing, terms, request.snapshot());
        }
        final Joining joining =
            new Joining(subscription, request.snapshot() || subscription.once, resumed ? request.resume().p() : -1);
        joiners[channel.index()].remove(subscription);
        for (final SymbolPattern pattern : request.symbols()) {
            add(joining, pattern);
        }
        if (!subscription.once) {
            joiners[channel.index()].add(subscription);
        }
        demand.tell();
        shard.answers().subscribed(session, request, subscription, resumed);
        subscription.snapshotOwed |= resumed ? !subscription.lossless : request.snapshot() || subscription.once;
        subscription.resumed |= resumed && !subscription.lossless;
        if (resumed && subscription.lossless) {
            // up to there, and no further before it has caught up
            subscription.cursor = Math.min(subscription.cursor, request.resume().p());
        }
        subscription.imageScan = 0;
        shard.dues().due(subscription);
        shard.askForTurn();
    }

    /** Refuses what a new session would be refused. */
    void check(final Request.Subscribe first) throws RequestException {
        agreement.terms(first, agreement.channel(List.of(), first, null), null);
    }

    private Subscription open(final Session session, final String name, final Channel channel,
            final SubscriptionOptions terms) {
        final Subscription subscription = new Subscription(session, shard.dues().takeId(), name, channel, terms);
        subscription.cursor = topics.position();
        subscription.journalCursor = topics.journal().head();
        subscription.seenChanges = channel.changes();
        holding.setPace(subscription, terms);
        session.subscriptions.add(subscription);
        shard.dues().add(subscription);
        shard.states().add(subscription);
        shard.counters().increment(Counter.SUBSCRIPTIONS_OPENED);
        return subscription;
    }

    private void add(final Joining joining, final SymbolPattern pattern) {
        final Subscription subscription = joining.subscription;
        final Channel channel = subscription.channel;
        if (!pattern.isExact()) {
            subscription.wanted.addPattern(pattern);
            for (final Topic topic : channel.topics()) {
                if (pattern.matches(topic.symbol())) {
                    add(joining, topic, false);
                }
            }
            return;
        }
        final Topic topic = channel.topic(pattern.text());
        if (topic == null) {
            if (subscription.wanted.addUnknown(pattern.text())) {
                demand.want(subscription, pattern.text());
            }
        } else {
            add(joining, topic, true);
        }
    }

    private void add(final Joining joining, final Topic topic, final boolean byName) {
        final Subscription subscription = joining.subscription;
        final int slot = subscription.held.slot(topic.id());
        if (slot == SubscribedTopics.NONE) {
            final long sentQ = !topic.hasValue() ? 0 : joining.resumeP >= 0
                ? resumption.sentQ(subscription, topic, joining.resumeP)
                : joining.snapshot ? SubscribedTopics.NEVER : topic.q();
            holding.hold(subscription, topic, byName, sentQ);
        }
        if (byName && (slot == SubscribedTopics.NONE || subscription.held.byName(slot))) {
            demand.want(subscription, topic.symbol());
        }
    }

    private void unsubscribe(final Session session, final Request.Unsubscribe request) throws RequestException {
        final Subscription running = find(session, request.sub(), false);
        final Subscription subscription = running == null ? find(session, request.sub(), true) : running;
        if (subscription == null) {
            throw new RequestException(ErrorCode.UNKNOWN_SUBSCRIPTION, "/sub", "no subscription '" + request.sub()
                + "'", request.id());
        }
        if (request.symbols().isEmpty()) {
            end(subscription);
        } else {
            symbolLimits.checkUnsubscribe(subscription, request.symbols(), request.id());
            final PendingInterestIndex waiting = joiners[subscription.channel.index()];
            waiting.remove(subscription);
            for (final SymbolPattern pattern : request.symbols()) {
                if (!pattern.isExact() || subscription.channel.topic(pattern.text()) == null) {
                    subscription.wanted.remove(pattern, name -> demand.release(subscription, name));
                }
                release(subscription, pattern);
            }
            if (!subscription.once) {
                waiting.add(subscription);
            }
        }
        demand.tell();
        shard.answers()
            .unsubscribed(session, request.id(), request.sub(), request.symbols().isEmpty() ? null : subscription);
    }

    private void release(final Subscription subscription, final SymbolPattern pattern) {
        if (pattern.isExact()) {
            final Topic topic = subscription.channel.topic(pattern.text());
            if (topic != null) {
                release(subscription, topic);
            }
        } else {
            for (final Topic topic : subscription.channel.topics()) {
                if (pattern.matches(topic.symbol())) {
                    release(subscription, topic);
                }
            }
        }
    }

    private void release(final Subscription subscription, final Topic topic) {
        final int slot = subscription.held.slot(topic.id());
        if (slot != SubscribedTopics.NONE) {
            if (subscription.held.isByName(slot)) {
                demand.release(subscription, topic.symbol());
            }
            subscription.held.remove(slot);
            subscription.imageScan = 0;
            holding.leave(subscription, topic);
        }
    }

    /** One of mode once ends by itself, and leaves its name to others meanwhile. */
    private static Subscription find(final Session session, final String name, final boolean once) {
        for (final Subscription subscription : session.subscriptions) {
            if (subscription.once == once && subscription.name.equals(name)) {
                return subscription;
            }
        }
        return null;
    }
}
