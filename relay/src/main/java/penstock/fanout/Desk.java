package penstock.fanout;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import penstock.ring.TopicState;
import penstock.telemetry.Counter;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.Auth;
import penstock.wire.ChannelInfo;
import penstock.wire.CloseStatus;
import penstock.wire.ErrorCode;
import penstock.wire.FeedInfo;
import penstock.wire.ListSubscriptions;
import penstock.wire.MessageBuffer;
import penstock.wire.Messages;
import penstock.wire.Mode;
import penstock.wire.Ping;
import penstock.wire.Request;
import penstock.wire.RequestException;
import penstock.wire.Subscribe;
import penstock.wire.SubscriptionInfo;
import penstock.wire.SymbolPattern;
import penstock.wire.Unsubscribe;
import penstock.wire.WelcomeInfo;

/**
 * Where requests are dealt with: subscriptions made, changed and ended, new symbols joined, answers given. Owned by the shard.
 */
final class Desk {
    /** Patterns with a star in one session: each is tried on every symbol, 256 on 10,000 symbols within some 50 ms. */
    static final int MAX_GLOBS = 256;

    private final Shard shard;
    private final TopicTable topics;
    private final Joiners[] joiners;
    private Naming naming;
    private final SplittableRandom random = new SplittableRandom();

    Desk(final Shard shard) {
        this.shard = shard;
        topics = shard.topics();
        joiners = new Joiners[topics.channels().size()];
        for (int i = 0; i < joiners.length; i++) {
            joiners[i] = new Joiners();
        }
        naming = new Naming(topics, Demand.NONE);
    }

    void demand(final Demand demand) {
        naming = new Naming(topics, demand);
    }

    /** A name for a session that is not guessed and not repeated in any log. */
    String newSessionId() {
        return Long.toUnsignedString(random.nextLong(), 36);
    }

    void welcome(final Session session) {
        final Settings settings = shard.settings();
        final List<ChannelInfo> channels = new ArrayList<>();
        for (final Channel channel : topics.channels()) {
            channels.add(new ChannelInfo(channel.name(), channel.conflation(), channel.isDefault()));
        }
        final FeedInfo feed = new FeedInfo(settings.feedName(), Shard.stateName(topics.feed()), channels);
        final MessageBuffer message = shard.message();
        Messages.welcome(message, new WelcomeInfo(settings.version(), session.id(), topics.epoch(), feed, "none", settings.limits(),
            settings.heartbeatNs() / 1_000_000));
        session.say(message);
    }

    void handle(final Session session, final Request request) throws RequestException {
        if (request instanceof Subscribe subscribe) {
            subscribe(session, subscribe);
        } else if (request instanceof Unsubscribe unsubscribe) {
            unsubscribe(session, unsubscribe);
        } else if (request instanceof ListSubscriptions) {
            list(session, request.id());
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
        if (subscription.session.kind() == SessionKind.RAW) {
            subscription.session.close(CloseStatus.NORMAL);
        }
    }

    void endAll(final Session session) {
        while (!session.subscriptions.isEmpty()) {
            end(session.subscriptions.get(session.subscriptions.size() - 1));
        }
    }

    void end(final Subscription subscription) {
        naming.changed(subscription.channel.index(), naming.names(subscription), Set.of());
        joiners[subscription.channel.index()].remove(subscription);
        final HeldTopics held = subscription.held;
        for (int slot = 0; slot < held.slots(); slot++) {
            if (held.topic(slot) != HeldTopics.NONE) {
                topics.topic(held.topic(slot)).subscribers().remove(subscription.id);
            }
        }
        shard.dues().remove(subscription);
        subscription.session.subscriptions.remove(subscription);
        shard.counters().increment(Counter.SUBSCRIPTIONS_CLOSED);
    }

    private void subscribe(final Session session, final Subscribe request) throws RequestException {
        Subscription subscription = find(session, request.sub(), false);
        final Channel channel = check(session, request, subscription);
        final Set<String> named = naming.names(subscription);
        if (subscription == null) {
            subscription = open(session, request, channel);
        } else if (request.intervalMs() >= 0) {
            shard.dues().interval(subscription, request.intervalMs() * 1_000_000L);
        }
        joiners[channel.index()].remove(subscription);
        for (final SymbolPattern pattern : request.symbols()) {
            add(subscription, pattern, request.snapshot() || subscription.once);
        }
        if (!subscription.once) {
            joiners[channel.index()].add(subscription);
        }
        naming.changed(channel.index(), named, naming.names(subscription));
        acknowledge(session, request, subscription);
        subscription.snapshotOwed |= request.snapshot() || subscription.once;
        subscription.imageScan = 0;
        shard.dues().due(subscription);
        shard.wake();
    }

    private Channel check(final Session session, final Subscribe request, final Subscription existing) throws RequestException {
        final String name = request.channel() == null && existing != null ? existing.channel.name() : request.channel();
        final Channel channel = topics.channel(name);
        if (channel == null) {
            throw new RequestException(ErrorCode.UNKNOWN_CHANNEL, "/channel",
                "no channel '" + name + "', there is " + channelNames(), request.id());
        }
        if (channel.isEvents()) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/channel", "each update of channel " + channel.name()
                + " counts, and a lossless mode is not in this version: take another channel, of " + channelNames(), request.id());
        }
        if (existing != null && existing.channel != channel) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/channel",
                "'" + existing.name + "' is a subscription of channel " + existing.channel.name() + ": unsubscribe it first", request.id());
        }
        if (existing != null && request.mode() == Mode.ONCE) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/sub",
                "'" + existing.name + "' is a running subscription: take another name for mode once", request.id());
        }
        if (existing == null && session.subscriptions.size() >= shard.settings().limits().subscriptions()) {
            throw new RequestException(ErrorCode.TOO_MANY_SUBSCRIPTIONS, "/sub",
                "at most " + shard.settings().limits().subscriptions() + " subscriptions in one session", request.id());
        }
        int named = 0;
        for (final Subscription other : session.subscriptions) {
            named += other.held.named();
        }
        checkSymbols(session, request.symbols(), pattern -> existing == null || !isNamed(existing, pattern), named, request.id());
        return channel;
    }

    /** Holds what a session keeps with these {@code patterns}, as far as they are new, and with {@code named} topics, to its limits. */
    private void checkSymbols(final Session session, final List<SymbolPattern> patterns, final Predicate<SymbolPattern> isNew,
                              final int named, final String requestId) throws RequestException {
        int symbols = named;
        int globs = 0;
        for (final Subscription other : session.subscriptions) {
            symbols += other.wanted.size();
            globs += other.wanted.globs();
        }
        for (final SymbolPattern pattern : patterns) {
            if (isNew.test(pattern)) {
                symbols++;
                globs += pattern.isExact() ? 0 : 1;
            }
        }
        final int most = shard.settings().limits().symbols();
        if (symbols > most || globs > MAX_GLOBS) {
            throw new RequestException(ErrorCode.TOO_MANY_SYMBOLS, "/symbols", symbols > most
                ? "at most " + most + " symbols and patterns in one session, this makes " + symbols
                : "at most " + MAX_GLOBS + " patterns with a star in one session, this makes " + globs, requestId);
        }
    }

    /** Whether a subscription has that name or pattern already. */
    private static boolean isNamed(final Subscription subscription, final SymbolPattern pattern) {
        final Topic topic = pattern.isExact() ? subscription.channel.topic(pattern.text()) : null;
        final int slot = topic == null ? HeldTopics.NONE : subscription.held.slot(topic.id());
        return slot == HeldTopics.NONE ? subscription.wanted.has(pattern) : subscription.held.isByName(slot);
    }

    private Subscription open(final Session session, final Subscribe request, final Channel channel) {
        final Subscription subscription =
            new Subscription(session, shard.dues().takeId(), request.sub(), channel, request.mode() == Mode.ONCE);
        final long intervalMs = request.intervalMs() >= 0 ? request.intervalMs() : shard.settings().defaultIntervalMs();
        subscription.cursor = topics.position();
        subscription.seenChanges = channel.changes();
        session.subscriptions.add(subscription);
        shard.dues().add(subscription, intervalMs * 1_000_000L);
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
            subscription.wanted.addUnknown(pattern.text());
        } else {
            add(subscription, topic, true, snapshot);
        }
    }

    private void add(final Subscription subscription, final Topic topic, final boolean byName, final boolean snapshot) {
        final int slot = subscription.held.slot(topic.id());
        if (slot == HeldTopics.NONE) {
            hold(subscription, topic, byName, snapshot && topic.q() > 0 ? HeldTopics.NEVER : topic.q());
        } else if (byName) {
            subscription.held.byName(slot);
        }
    }

    private static void hold(final Subscription subscription, final Topic topic, final boolean byName, final long sentQ) {
        subscription.hasTopicNews |= topic.state() != TopicState.LIVE;
        subscription.held.add(topic.id(), byName, sentQ);
        subscription.imageScan = 0;
        topic.subscribers().add(subscription.id);
    }

    private void acknowledge(final Session session, final Subscribe request, final Subscription subscription) {
        final List<String> unknown = new ArrayList<>();
        for (final SymbolPattern pattern : request.symbols()) {
            if (pattern.isExact() && isPending(subscription, pattern.text())) {
                unknown.add(pattern.text());
            }
        }
        if (session.kind() == SessionKind.PROTOCOL) {
            final MessageBuffer message = shard.message();
            Messages.subscribed(message, request.id(), info(subscription), unknown);
            session.say(message);
        }
    }

    /** Nothing has come of it yet. */
    private static boolean isPending(final Subscription subscription, final String symbol) {
        final Topic topic = subscription.channel.topic(symbol);
        return topic == null ? subscription.wanted.unknown().contains(symbol) : topic.q() == 0;
    }

    private void unsubscribe(final Session session, final Unsubscribe request) throws RequestException {
        final Subscription running = find(session, request.sub(), false);
        final Subscription subscription = running == null ? find(session, request.sub(), true) : running;
        if (subscription == null) {
            throw new RequestException(ErrorCode.UNKNOWN_SUBSCRIPTION, "/sub", "no subscription '" + request.sub() + "'", request.id());
        }
        int matched = 0;
        if (request.symbols().isEmpty()) {
            end(subscription);
        } else {
            checkSymbols(session, request.symbols(), pattern -> isNewExclusion(subscription, pattern), 0, request.id());
            final Set<String> named = naming.names(subscription);
            final Joiners waiting = joiners[subscription.channel.index()];
            waiting.remove(subscription);
            for (final SymbolPattern pattern : request.symbols()) {
                if (!pattern.isExact() || subscription.channel.topic(pattern.text()) == null) {
                    subscription.wanted.remove(pattern);
                }
                release(subscription, pattern);
            }
            if (!subscription.once) {
                waiting.add(subscription);
            }
            naming.changed(subscription.channel.index(), named, naming.names(subscription));
            matched = subscription.held.size();
        }
        final MessageBuffer message = shard.message();
        Messages.unsubscribed(message, request.id(), request.sub(), matched);
        session.say(message);
    }

    /** Whether it must be remembered that what {@code pattern} matches does not join: a symbol that is there never appears again. */
    private static boolean isNewExclusion(final Subscription subscription, final SymbolPattern pattern) {
        return !subscription.wanted.has(pattern) && (!pattern.isExact() || subscription.channel.topic(pattern.text()) == null);
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

    private static void release(final Subscription subscription, final Topic topic) {
        final int slot = subscription.held.slot(topic.id());
        if (slot != HeldTopics.NONE) {
            subscription.held.remove(slot);
            subscription.imageScan = 0;
            topic.subscribers().remove(subscription.id);
        }
    }

    private void list(final Session session, final String requestId) {
        final List<SubscriptionInfo> infos = new ArrayList<>();
        for (final Subscription subscription : session.subscriptions) {
            infos.add(info(subscription));
        }
        final MessageBuffer message = shard.message();
        Messages.list(message, requestId, infos);
        session.say(message);
    }

    private SubscriptionInfo info(final Subscription subscription) {
        final List<String> symbols = new ArrayList<>();
        for (final SymbolPattern pattern : subscription.wanted.patterns()) {
            symbols.add(pattern.text());
        }
        final HeldTopics held = subscription.held;
        for (int slot = 0; slot < held.slots(); slot++) {
            if (held.topic(slot) != HeldTopics.NONE && held.isByName(slot)) {
                symbols.add(topics.topic(held.topic(slot)).symbol());
            }
        }
        symbols.addAll(subscription.wanted.unknown());
        return new SubscriptionInfo(subscription.name, subscription.channel.name(), subscription.once ? Mode.ONCE : Mode.CONFLATE,
            subscription.intervalNs() / 1_000_000, symbols, held.size(), List.copyOf(subscription.wanted.unknown()), subscription.cursor);
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
