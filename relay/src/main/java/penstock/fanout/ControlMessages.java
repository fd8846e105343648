package penstock.fanout;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import penstock.fanout.schedule.ShardClock;
import penstock.fanout.subscription.SubscribedTopics;
import penstock.fanout.subscription.Subscription;
import penstock.ring.TopicState;
import penstock.topic.Channel;
import penstock.topic.FeedStatus;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.ChannelInfo;
import penstock.wire.CloseStatus;
import penstock.wire.FeedInfo;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;
import penstock.wire.Replaces;
import penstock.wire.RequestException;
import penstock.wire.SubscriptionInfo;
import penstock.wire.WelcomeInfo;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolPattern;

/**
 * Encodes the messages that are not data: the welcome, replies to requests, status and heartbeats. They share one
 * buffer: each is valid until the next. A symbol without a value is unknown here, whether or not the shard has a topic
 * of it. Owned by the shard's io thread.
 */
final class ControlMessages {
    private final TopicTable topics;
    private final SessionSettings settings;
    private final ShardClock clock;
    private final MessageBuffer message = new MessageBuffer(1024);
    private final SubscribeHints hints = new SubscribeHints();

    ControlMessages(final TopicTable topics, final SessionSettings settings, final ShardClock clock) {
        this.topics = topics;
        this.settings = settings;
        this.clock = clock;
    }

    /** The feed asks the venue only for symbols that subscriptions name. */
    void hintOnDemand() {
        hints.onDemand();
    }

    MessageBuffer welcome(final String sessionId) {
        final List<ChannelInfo> channels = new ArrayList<>();
        for (final Channel channel : topics.channels()) {
            channels.add(new ChannelInfo(channel.name(), channel.conflation(), channel.isDefault()));
        }
        final FeedInfo feed = new FeedInfo(settings.feedName(), topics.feed().spelling(), channels);
        MessageEncoder.welcome(message.clear(), new WelcomeInfo(settings.version(), sessionId, topics.epoch(), feed,
            "none", settings.limits(), settings.timeouts().heartbeatNs() / 1_000_000));
        return message;
    }

    MessageBuffer subscribed(final Request.Subscribe request, final Subscription subscription, final Replaces replaces,
            final boolean resumed) {
        final List<String> unknown = new ArrayList<>();
        for (final SymbolPattern pattern : request.symbols()) {
            if (pattern.isExact() && !hasValue(subscription.channel().topic(pattern.symbol()))) {
                unknown.add(pattern.text());
            }
        }
        MessageEncoder.subscribed(message.clear(), request.id(), info(subscription), unknown, replaces, resumed,
            hints.of(subscription.channel(), request.symbols(), unknown));
        return message;
    }

    MessageBuffer changed(final String requestId, final Subscription subscription, final Replaces replaces) {
        MessageEncoder.changed(message.clear(), requestId, info(subscription), replaces);
        return message;
    }

    /** {@code subscription} is null when it ended. */
    MessageBuffer unsubscribed(final String requestId, final String name, final Subscription subscription) {
        MessageEncoder.unsubscribed(message.clear(), requestId, name, subscription == null ? 0
            : matched(subscription));
        return message;
    }

    MessageBuffer list(final String requestId, final List<Subscription> subscriptions) {
        final List<SubscriptionInfo> infos = new ArrayList<>();
        for (final Subscription subscription : subscriptions) {
            infos.add(info(subscription));
        }
        MessageEncoder.list(message.clear(), requestId, infos);
        return message;
    }

    MessageBuffer pong(final String requestId) {
        MessageEncoder.pong(message.clear(), requestId, clock.epochUs(clock.nowNs()));
        return message;
    }

    MessageBuffer error(final RequestException refusal) {
        MessageEncoder.error(message.clear(), refusal);
        return message;
    }

    MessageBuffer heartbeat(final long nowNs) {
        MessageEncoder.heartbeat(message.clear(), clock.epochUs(nowNs), topics.feed().spelling(), topics.position());
        return message;
    }

    /** Grows with each change of the feed's state. */
    long feedVersion() {
        return topics.feed().version();
    }

    MessageBuffer feedStatus() {
        return feedStatus(topics.feed());
    }

    /**
     * The last loss of the feed; null if the feed is still lost, or if a client that was notified of that version
     * knows the loss.
     */
    MessageBuffer lossSince(final long notifiedVersion) {
        final FeedStatus loss = topics.loss();
        return loss == topics.feed() || loss.version() <= notifiedVersion ? null : feedStatus(loss);
    }

    private MessageBuffer feedStatus(final FeedStatus feed) {
        MessageEncoder.feedStatus(message.clear(), feed.spelling(), feed.reason(), feed.sinceUs(), feed.retryInMs());
        return message;
    }

    MessageBuffer topicStatus(final String subscription, final List<String> symbols, final TopicState state,
            final String reason, final long sinceUs) {
        MessageEncoder.symbolStatus(message.clear(), subscription, symbols, state.name().toLowerCase(Locale.ROOT),
            reason, sinceUs);
        return message;
    }

    /** What a session without Close frames is sent instead of a Close frame. */
    MessageBuffer closed(final int code, final String reason) {
        MessageEncoder.notice(message.clear(), code == CloseStatus.DRAINING.code() ? "info" : "error",
            "closed: " + code + " " + reason, clock.epochUs(clock.nowNs()));
        return message;
    }

    private SubscriptionInfo info(final Subscription subscription) {
        final List<String> symbols = new ArrayList<>();
        for (final SymbolPattern pattern : subscription.interest().patterns()) {
            symbols.add(pattern.text());
        }
        final List<String> unknown = new ArrayList<>();
        final SubscribedTopics subscribed = subscription.topics();
        for (int slot = 0; slot < subscribed.slots(); slot++) {
            if (subscribed.topic(slot) != SubscribedTopics.NONE && subscribed.isNamed(slot)) {
                final Topic topic = topics.topic(subscribed.topic(slot));
                (topic.hasValue() ? symbols : unknown).add(SymbolPattern.textOf(topic.symbol()));
            }
        }
        subscription.interest().unknown().forEach(name -> unknown.add(SymbolPattern.textOf(name)));
        symbols.addAll(unknown);
        return new SubscriptionInfo(subscription.name(), subscription.channel().name(), subscription.options(), symbols,
            matched(subscription), unknown, subscription.cursor().position());
    }

    /** How many topics of the subscription have a value. */
    private int matched(final Subscription subscription) {
        final SubscribedTopics subscribed = subscription.topics();
        int matched = 0;
        for (int slot = 0; slot < subscribed.slots(); slot++) {
            matched += subscribed.topic(slot) != SubscribedTopics.NONE && hasValue(topics.topic(subscribed.topic(slot)))
                ? 1 : 0;
        }
        return matched;
    }

    private static boolean hasValue(final Topic topic) {
        return topic != null && topic.hasValue();
    }
}
