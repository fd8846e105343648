package penstock.fanout;

import java.util.ArrayList;
import java.util.List;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.ChannelInfo;
import penstock.wire.FeedInfo;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;
import penstock.wire.SubscriptionInfo;
import penstock.wire.WelcomeInfo;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolPattern;

/**
 * What a session is told of itself and its subscriptions: the welcome, and what requests are answered with. A symbol
 * without a value is unknown here, whether or not the shard has a topic of it. Owned by the shard.
 */
final class Replies {
    private final Shard shard;
    private final TopicTable topics;

    Replies(final Shard shard) {
        this.shard = shard;
        topics = shard.topics();
    }

    void welcome(final Session session) {
        final SessionSettings settings = shard.settings();
        final List<ChannelInfo> channels = new ArrayList<>();
        for (final Channel channel : topics.channels()) {
            channels.add(new ChannelInfo(channel.name(), channel.conflation(), channel.isDefault()));
        }
        final FeedInfo feed = new FeedInfo(settings.feedName(), Shard.stateName(topics.feed()), channels);
        final MessageBuffer message = shard.message();
        MessageEncoder.welcome(message,
            new WelcomeInfo(settings.version(), session.id(), topics.epoch(), feed, "none", settings.limits(),
            settings.heartbeatNs() / 1_000_000));
        session.say(message);
    }

    void subscribed(final Session session, final Request.Subscribe request, final Subscription subscription,
            final boolean resumed) {
        if (session.kind().hasMessages()) {
            final List<String> unknown = new ArrayList<>();
            for (final SymbolPattern pattern : request.symbols()) {
                if (pattern.isExact() && !hasValue(subscription.channel.topic(pattern.text()))) {
                    unknown.add(pattern.text());
                }
            }
            final MessageBuffer message = shard.message();
            MessageEncoder.subscribed(message, request.id(), info(subscription), unknown, resumed);
            session.say(message);
        }
    }

    /** {@code subscription} is null when it is over. */
    void unsubscribed(final Session session, final String requestId, final String name,
            final Subscription subscription) {
        final MessageBuffer message = shard.message();
        MessageEncoder.unsubscribed(message, requestId, name, subscription == null ? 0 : matched(subscription));
        session.say(message);
    }

    void list(final Session session, final String requestId) {
        final List<SubscriptionInfo> infos = new ArrayList<>();
        for (final Subscription subscription : session.subscriptions) {
            infos.add(info(subscription));
        }
        final MessageBuffer message = shard.message();
        MessageEncoder.list(message, requestId, infos);
        session.say(message);
    }

    private SubscriptionInfo info(final Subscription subscription) {
        final List<String> symbols = new ArrayList<>();
        for (final SymbolPattern pattern : subscription.wanted.patterns()) {
            symbols.add(pattern.text());
        }
        final List<String> unknown = new ArrayList<>();
        final SubscribedTopics held = subscription.held;
        for (int slot = 0; slot < held.slots(); slot++) {
            if (held.topic(slot) != SubscribedTopics.NONE && held.isByName(slot)) {
                final Topic topic = topics.topic(held.topic(slot));
                (topic.hasValue() ? symbols : unknown).add(topic.symbol());
            }
        }
        unknown.addAll(subscription.wanted.unknown());
        symbols.addAll(unknown);
        return new SubscriptionInfo(subscription.name, subscription.channel.name(), subscription.terms(), symbols,
            matched(subscription),
            unknown, subscription.cursor);
    }

    /** How many topics it holds that have a value. */
    private int matched(final Subscription subscription) {
        final SubscribedTopics held = subscription.held;
        int matched = 0;
        for (int slot = 0; slot < held.slots(); slot++) {
            matched += held.topic(slot) != SubscribedTopics.NONE && hasValue(topics.topic(held.topic(slot))) ? 1 : 0;
        }
        return matched;
    }

    private static boolean hasValue(final Topic topic) {
        return topic != null && topic.hasValue();
    }
}
