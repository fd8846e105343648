package penstock.fanout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import penstock.fanout.frame.ControlQueue;
import penstock.fanout.schedule.ShardClock;
import penstock.fanout.subscription.SessionProfile;
import penstock.fanout.subscription.SessionSubscriptions;
import penstock.fanout.subscription.SubscribedTopics;
import penstock.fanout.subscription.Subscription;
import penstock.fanout.subscription.SymbolReports;
import penstock.ring.TopicState;
import penstock.thread.SlicedLoop;
import penstock.topic.Channel;
import penstock.topic.Feed;
import penstock.topic.FeedStatus;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.ChannelInfo;
import penstock.wire.ChannelName;
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
    /** Compared with five names in some 100 ns each; in a process that has just started, in 3 µs. */
    private static final int TOPICS_PER_CHECK = 16;
    /** The version of a feed's state that a client was not notified of. */
    private static final long UNKNOWN = -1;

    private final TopicTable topics;
    private final SessionSettings settings;
    private final ShardClock clock;
    private final MessageBuffer message = new MessageBuffer(1024);
    private final SubscribeHints subscribeHints = new SubscribeHints();
    private String auth = "none";

    ControlMessages(final TopicTable topics, final SessionSettings settings, final ShardClock clock) {
        this.topics = topics;
        this.settings = settings;
        this.clock = clock;
    }

    /** How clients show who they are, in a word. */
    void authenticate(final String mode) {
        auth = mode;
    }

    /** The reply to an {@code auth}. */
    MessageBuffer authenticated(final String requestId) {
        MessageEncoder.authenticated(message.clear(), requestId);
        return message;
    }

    /** The reply to a report of an edge. */
    MessageBuffer reported(final String requestId) {
        MessageEncoder.reported(message.clear(), requestId);
        return message;
    }

    MessageBuffer welcome(final String sessionId, final SessionProfile session) {
        final List<FeedInfo> feeds = new ArrayList<>();
        for (final Feed feed : topics.feeds()) {
            final List<ChannelInfo> channels = topics.channels(feed).stream()
                .map(channel -> new ChannelInfo(channel.name(), channel.conflation(), channel.isDefault())).toList();
            feeds.add(new FeedInfo(feed.name(), feed.status().spelling(), feed.isOnDemand(), channels,
                session.isLink() ? feed.lostP() : 0));
        }
        MessageEncoder.welcome(message.clear(), new WelcomeInfo(settings.version(), sessionId, topics.epoch(), feeds,
            auth, settings.limits(session.access().isEdge()),
            settings.timeouts(session).heartbeatNs() / 1_000_000));
        return hops(session);
    }

    /** The answer to a subscribe; what it says of the subscription and of its names was collected before. */
    MessageBuffer subscribed(final Request.Subscribe request, final Collected collected, final Unknown unknown,
            final Replaces replaces, final boolean resumed) {
        MessageEncoder.subscribed(message.clear(), request.id(), collected.info(), unknown.names, replaces, resumed,
            unknown.hints());
        return message;
    }

    MessageBuffer changed(final String requestId, final Collected collected, final Replaces replaces) {
        MessageEncoder.changed(message.clear(), requestId, collected.info(), replaces);
        return message;
    }

    /** {@code matched}: topics with a value that are left. */
    MessageBuffer unsubscribed(final String requestId, final String name, final int matched) {
        MessageEncoder.unsubscribed(message.clear(), requestId, name, matched);
        return message;
    }

    MessageBuffer list(final String requestId, final List<Collected> subscriptions) {
        final List<SubscriptionInfo> infos = new ArrayList<>();
        for (final Collected collected : subscriptions) {
            if (!collected.subscription.schedule().isEnded()) {
                infos.add(collected.info());
            }
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

    /** Another relay learns which ones are in front of it: without data it may be in a circle of them. */
    private MessageBuffer hops(final SessionProfile session) {
        return session.isLink() && !settings.hops().isEmpty() ? MessageEncoder.hops(message, settings.hops()) : message;
    }

    MessageBuffer heartbeat(final SessionProfile session, final long nowNs) {
        final Map<String, String> states = new LinkedHashMap<>();
        topics.feeds().forEach(feed -> states.put(feed.name(), feed.status().spelling()));
        MessageEncoder.heartbeat(message.clear(), clock.epochUs(nowNs), states, topics.position());
        return hops(session);
    }

    /** The state of each feed, as its version. */
    long[] feedVersions() {
        return topics.feeds().stream().mapToLong(feed -> feed.status().version()).toArray();
    }

    /**
     * Queues what changed of the states of feeds that concern a session.
     *
     * @param known by feed: the version that the client was notified of last
     * @return the same, as it is now
     */
    long[] addFeedStatuses(final ControlQueue queue, final SessionSubscriptions session, final long[] known) {
        final List<Feed> feeds = topics.feeds();
        long[] notified = known;
        for (int i = 0; i < feeds.size(); i++) {
            final Feed feed = feeds.get(i);
            if (i == notified.length) {
                // the welcome did not have it
                notified = Arrays.copyOf(notified, i + 1);
                notified[i] = feed.loss() == feed.status() ? UNKNOWN : feed.loss().version();
            }
            if (feed.status().version() != notified[i] && session.concerns(feed)) {
                if (feed.loss() != feed.status() && feed.loss().version() > notified[i]) {
                    // the feed was lost and came back since: the values of before are stale
                    queue.addText(feedStatus(session.session(), feed, feed.loss()));
                }
                queue.addText(feedStatus(session.session(), feed, feed.status()));
                notified[i] = feed.status().version();
            }
        }
        return notified;
    }

    private MessageBuffer feedStatus(final SessionProfile session, final Feed feed, final FeedStatus status) {
        MessageEncoder.feedStatus(message.clear(), topics.nameOf(feed), status.spelling(), status.reason(),
            status.sinceUs(), status.retryInMs());
        // in a circle of relays a state would go round for ever
        at(session, feed.positionOf(status));
        return hops(session);
    }

    /** Another relay learns at which position a state changed. */
    private MessageBuffer at(final SessionProfile session, final long p) {
        if (session.isLink()) {
            MessageEncoder.at(message, p);
        }
        return message;
    }

    /** {@code p}: the position at which the last of the symbols changed. */
    MessageBuffer topicStatus(final Subscription subscription, final List<String> symbols,
            final SymbolReports.Report report, final long p) {
        final TopicState state = report.state();
        MessageEncoder.symbolStatus(message.clear(), subscription.name(), symbols,
            state == null ? "denied" : state.name().toLowerCase(Locale.ROOT), report.reason(),
            report.sinceUs() > 0 ? report.sinceUs() : clock.epochUs(clock.nowNs()));
        return at(subscription.session(), p);
    }

    /** What a session without Close frames is sent instead of a Close frame. */
    MessageBuffer closed(final int code, final String reason) {
        MessageEncoder.notice(message.clear(), code == CloseStatus.DRAINING.code() ? "info" : "error",
            "closed: " + code + " " + reason, clock.epochUs(clock.nowNs()));
        return message;
    }

    /** Begins to collect what a reply says of a subscription. */
    Collected collect(final Subscription subscription) {
        return new Collected(topics, subscription);
    }

    /** Begins to collect what a reply says of the names of a request. */
    Unknown unknown(final Subscription subscription, final List<SymbolPattern> symbols) {
        return new Unknown(subscription.session(), subscription.channel(), symbols);
    }

    /** What a reply says of a subscription, collected topic by topic. */
    static final class Collected {
        private final TopicTable topics;
        private final Subscription subscription;
        private final List<String> symbols = new ArrayList<>();
        private final List<String> unknown = new ArrayList<>();
        /** Names without a topic, in their order. */
        private final Queue<String> sorted = new PriorityQueue<>();
        private int matched;

        private Collected(final TopicTable topics, final Subscription subscription) {
            this.topics = topics;
            this.subscription = subscription;
        }

        /** First, the topics are looked at. */
        SlicedLoop topics() {
            subscription.interest().patterns().forEach(pattern -> symbols.add(pattern.text()));
            final SubscribedTopics subscribed = subscription.topics();
            return new SlicedLoop(slot -> slot < subscribed.slots() ? slot : -1, slot -> {
                if (subscribed.topic(slot) != SubscribedTopics.NONE) {
                    final Topic topic = topics.topic(subscribed.topic(slot));
                    matched += topic.hasValue() ? 1 : 0;
                    if (subscribed.isNamed(slot)) {
                        (topic.hasValue() ? symbols : unknown).add(SymbolPattern.textOf(topic.symbol()));
                    }
                }
            });
        }

        /** Then the names without a topic. */
        SlicedLoop names() {
            final List<String> names = subscription.interest().unknown();
            return SlicedLoop.of(names.size(), i -> sorted.add(SymbolPattern.textOf(names.get(i))));
        }

        /** They come in their order. */
        SlicedLoop order() {
            return SlicedLoop.of(sorted.size(), i -> unknown.add(sorted.remove()));
        }

        /** How many topics have a value. */
        int matched() {
            return matched;
        }

        private SubscriptionInfo info() {
            final List<String> all = new ArrayList<>(symbols);
            all.addAll(unknown);
            final Channel channel = subscription.channel();
            return new SubscriptionInfo(new ChannelName(topics.nameOf(channel.feed()), channel.name()),
                subscription.name(), subscription.options(), all, matched, unknown, subscription.cursor().position());
        }
    }

    /** The names of a request that have no value, with hints, collected name by name. */
    final class Unknown {
        private final SessionProfile client;
        private final Channel channel;
        private final List<SymbolPattern> symbols;
        private final List<String> names = new ArrayList<>();
        /** By name: the symbol that it probably means, or null. */
        private String[] known = {};

        private Unknown(final SessionProfile client, final Channel channel, final List<SymbolPattern> symbols) {
            this.client = client;
            this.channel = channel;
            this.symbols = symbols;
        }

        /** First, the names are looked up. */
        SlicedLoop names() {
            return SlicedLoop.of(symbols.size(), i -> {
                final SymbolPattern symbol = symbols.get(i);
                if (symbol.isExact() && !hasValue(client.topic(channel, symbol.symbol()))) {
                    names.add(symbol.text());
                }
            });
        }

        /** Then some of them are compared with all symbols. */
        SlicedLoop compared() {
            known = new String[SubscribeHints.count(names)];
            return new SlicedLoop(id -> known.length == 0 ? -1 : channel.nextTopic(id), id -> {
                final Topic topic = topics.topic(id);
                for (int i = 0; i < known.length; i++) {
                    if (known[i] == null && SubscribeHints.isMeant(client.access(), channel, names.get(i), topic)) {
                        known[i] = topic.symbol();
                    }
                }
            }, TOPICS_PER_CHECK);
        }

        private List<String> hints() {
            final List<String> hints = new ArrayList<>();
            subscribeHints.general(channel, symbols).ifPresent(hints::add);
            for (int i = 0; i < known.length; i++) {
                if (known[i] != null) {
                    hints.add(SubscribeHints.otherCase(names.get(i), known[i]));
                }
            }
            return hints;
        }
    }

    private static boolean hasValue(final Topic topic) {
        return topic != null && topic.hasValue();
    }
}
