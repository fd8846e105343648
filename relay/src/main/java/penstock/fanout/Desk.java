package penstock.fanout;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import penstock.telemetry.Counter;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.Auth;
import penstock.wire.CloseStatus;
import penstock.wire.ErrorCode;
import penstock.wire.ListSubscriptions;
import penstock.wire.MessageBuffer;
import penstock.wire.Messages;
import penstock.wire.Mode;
import penstock.wire.Ping;
import penstock.wire.Request;
import penstock.wire.RequestException;
import penstock.wire.Subscribe;
import penstock.wire.SymbolPattern;
import penstock.wire.Terms;
import penstock.wire.Unsubscribe;

/**
 * Where requests are dealt with: subscriptions made, changed and ended, new symbols joined, demand counted. Owned by the shard.
 */
final class Desk {
    private final Shard shard;
    private final TopicTable topics;
    private final Joiners[] joiners;
    private final SymbolLimits symbolLimits;
    private final DemandCount demand;
    private final SplittableRandom random = new SplittableRandom();

    Desk(final Shard shard) {
        this.shard = shard;
        topics = shard.topics();
        joiners = new Joiners[topics.channels().size()];
        for (int i = 0; i < joiners.length; i++) {
            joiners[i] = new Joiners();
        }
        symbolLimits = new SymbolLimits(shard.settings().limits().symbols());
        demand = new DemandCount(joiners.length);
    }

    DemandCount demand() {
        return demand;
    }

    /** A name for a session that is not guessed and not repeated in any log. */
    String newSessionId() {
        return Long.toUnsignedString(random.nextLong(), 36);
    }

    void handle(final Session session, final Request request) throws RequestException {
        if (request instanceof Subscribe subscribe) {
            subscribe(session, subscribe);
        } else if (request instanceof Unsubscribe unsubscribe) {
            unsubscribe(session, unsubscribe);
        } else if (request instanceof ListSubscriptions) {
            shard.answers().list(session, request.id());
        } else if (request instanceof Ping) {
            final MessageBuffer message = shard.message();
            Messages.pong(message, request.id(), shard.epochUs(shard.nowNs()));
            session.say(message);
        } else if (request instanceof Auth) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/op", "authentication is off on this relay: no auth needed", request.id());
        }
    }

    /** A symbol appeared: whoever wanted it holds it from its first update on. */
    void onTopic(final Topic topic) {
        joiners[topic.channel().index()].onSymbol(topic.symbol(), subscription -> {
            final boolean named = subscription.wanted.known(topic.symbol());
            if (subscription.held.slot(topic.id()) == HeldTopics.NONE && (named || subscription.wanted.matches(topic.symbol()))) {
                hold(subscription, topic, named, 0);
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
        final HeldTopics held = subscription.held;
        for (int slot = 0; slot < held.slots(); slot++) {
            if (held.topic(slot) != HeldTopics.NONE) {
                final Topic topic = topics.topic(held.topic(slot));
                leave(subscription, topic);
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

    private void subscribe(final Session session, final Subscribe request) throws RequestException {
        Subscription subscription = find(session, request.sub(), false);
        final Channel channel = check(session.subscriptions, request, subscription);
        if (subscription == null) {
            subscription = open(session, request, channel);
        } else if (request.terms().intervalMs() >= 0) {
            shard.dues().interval(subscription, request.terms().intervalMs() * 1_000_000L);
        }
        if (request.terms().overflow() != null) {
            subscription.overflow = request.terms().overflow();
        }
        joiners[channel.index()].remove(subscription);
        for (final SymbolPattern pattern : request.symbols()) {
            add(subscription, pattern, request.snapshot() || subscription.once);
        }
        if (!subscription.once) {
            joiners[channel.index()].add(subscription);
        }
        demand.tell();
        shard.answers().subscribed(session, request, subscription);
        subscription.snapshotOwed |= request.snapshot() || subscription.once;
        subscription.imageScan = 0;
        shard.dues().due(subscription);
        shard.wake();
    }

    /** What a session with these {@code running} may ask for. */
    Channel check(final List<Subscription> running, final Subscribe request, final Subscription existing) throws RequestException {
        final String name = request.channel() == null && existing != null ? existing.channel.name() : request.channel();
        final Channel channel = topics.channel(name);
        if (channel == null) {
            throw new RequestException(ErrorCode.UNKNOWN_CHANNEL, "/channel",
                "no channel '" + name + "', there is " + channelNames(), request.id());
        }
        if (existing != null && existing.channel != channel) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/channel",
                "'" + existing.name + "' is a subscription of channel " + existing.channel.name() + ": unsubscribe it first", request.id());
        }
        if (existing != null && request.terms().mode() == Mode.ONCE) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/sub",
                "'" + existing.name + "' is a running subscription: take another name for mode once", request.id());
        }
        if (existing == null && running.size() >= shard.settings().limits().subscriptions()) {
            throw new RequestException(ErrorCode.TOO_MANY_SUBSCRIPTIONS, "/sub",
                "at most " + shard.settings().limits().subscriptions() + " subscriptions in one session", request.id());
        }
        checkMode(request, modeOf(request, channel, existing), channel, existing);
        symbolLimits.checkSubscribe(running, request.symbols(), existing, request.id());
        return channel;
    }

    private static Mode modeOf(final Subscribe request, final Channel channel, final Subscription existing) {
        if (request.terms().mode() != null) {
            return request.terms().mode();
        }
        return existing != null ? existing.mode() : channel.isEvents() ? Mode.ALL : Mode.CONFLATE;
    }

    private void checkMode(final Subscribe request, final Mode mode, final Channel channel, final Subscription existing)
        throws RequestException {
        if (existing != null && existing.mode() != mode) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/mode", "'" + existing.name + "' is a subscription of mode "
                + existing.mode().text() + ": unsubscribe it first", request.id());
        }
        if (mode == Mode.CONFLATE && channel.isEvents()) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/mode", "each update of channel " + channel.name()
                + " counts: its modes are all and once", request.id());
        }
        if (mode == Mode.ALL && request.terms().intervalMs() >= 0) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/interval", Terms.NO_INTERVAL, request.id());
        }
        if (mode == Mode.ALL && topics.journal().isOff()) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/mode", "this relay keeps no updates (fanout.journal = 0): "
                + (channel.isEvents() ? "channel " + channel.name() + " has mode once only" : "take mode conflate"), request.id());
        }
        if (mode != Mode.ALL && request.terms().overflow() != null) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/overflow", Terms.NO_OVERFLOW, request.id());
        }
    }

    private Subscription open(final Session session, final Subscribe request, final Channel channel) {
        final Mode mode = modeOf(request, channel, null);
        final Subscription subscription = new Subscription(session, shard.dues().takeId(), request.sub(), channel, mode);
        final long intervalMs = mode == Mode.ALL ? 0 : request.terms().intervalMs() >= 0 ? request.terms().intervalMs()
            : shard.settings().defaultIntervalMs();
        subscription.cursor = topics.position();
        subscription.journalCursor = topics.journal().head();
        subscription.seenChanges = channel.changes();
        session.subscriptions.add(subscription);
        shard.dues().add(subscription, intervalMs * 1_000_000L);
        shard.states().add(subscription);
        shard.counters().increment(Counter.SUBSCRIPTIONS_OPENED);
        return subscription;
    }

    private void add(final Subscription subscription, final SymbolPattern pattern, final boolean snapshot) {
        final Channel channel = subscription.channel;
        if (!pattern.isExact()) {
            subscription.wanted.addPattern(pattern);
            for (final Topic topic : channel.topics()) {
                if (pattern.matches(topic.symbol())) {
                    add(subscription, topic, false, snapshot);
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
            add(subscription, topic, true, snapshot);
        }
    }

    private void add(final Subscription subscription, final Topic topic, final boolean byName, final boolean snapshot) {
        final int slot = subscription.held.slot(topic.id());
        if (slot == HeldTopics.NONE) {
            hold(subscription, topic, byName, snapshot && topic.hasValue() ? HeldTopics.NEVER : topic.q());
        }
        if (byName && (slot == HeldTopics.NONE || subscription.held.byName(slot))) {
            demand.want(subscription, topic.symbol());
        }
    }

    private void hold(final Subscription subscription, final Topic topic, final boolean byName, final long sentQ) {
        subscription.held.add(topic.id(), byName, sentQ);
        subscription.imageScan = 0;
        topic.subscribers().add(subscription.id);
        if (subscription.lossless) {
            topics.journal().hold(topic);
        }
        shard.states().onHeld(subscription, topic);
    }

    private void unsubscribe(final Session session, final Unsubscribe request) throws RequestException {
        final Subscription running = find(session, request.sub(), false);
        final Subscription subscription = running == null ? find(session, request.sub(), true) : running;
        if (subscription == null) {
            throw new RequestException(ErrorCode.UNKNOWN_SUBSCRIPTION, "/sub", "no subscription '" + request.sub() + "'", request.id());
        }
        if (request.symbols().isEmpty()) {
            end(subscription);
        } else {
            symbolLimits.checkUnsubscribe(subscription, request.symbols(), request.id());
            final Joiners waiting = joiners[subscription.channel.index()];
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
        shard.answers().unsubscribed(session, request.id(), request.sub(), request.symbols().isEmpty() ? null : subscription);
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
        if (slot != HeldTopics.NONE) {
            if (subscription.held.isByName(slot)) {
                demand.release(subscription, topic.symbol());
            }
            subscription.held.remove(slot);
            subscription.imageScan = 0;
            leave(subscription, topic);
        }
    }

    private void leave(final Subscription subscription, final Topic topic) {
        topic.subscribers().remove(subscription.id);
        if (subscription.lossless) {
            topics.journal().release(topic);
        }
    }

    private String channelNames() {
        final List<String> names = new ArrayList<>();
        topics.channels().forEach(channel -> names.add(channel.name()));
        return String.join(", ", names);
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
