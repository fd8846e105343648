package penstock.fanout.subscription;

import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import penstock.quota.Excess;
import penstock.topic.Channel;
import penstock.topic.Feed;
import penstock.topic.TopicTable;
import penstock.wire.ChannelName;
import penstock.wire.ContentOptions;
import penstock.wire.ErrorCode;
import penstock.wire.Mode;
import penstock.wire.Overflow;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;

/**
 * Resolves a subscribe request to a channel and to options in full, or refuses it. Changes nothing. Owned by the
 * shard's io thread.
 */
public final class OptionsResolver {
    private final TopicTable topics;
    private final IntSupplier defaultInterval;
    private final IntSupplier subscriptions;

    /**
     * For the channels of {@code topics}; both numbers as they are by now.
     *
     * @param defaultInterval the interval of a subscription that asks for none, in ms
     * @param subscriptions   how many subscriptions a session may have
     */
    public OptionsResolver(final TopicTable topics, final IntSupplier defaultInterval,
            final IntSupplier subscriptions) {
        this.topics = topics;
        this.defaultInterval = defaultInterval;
        this.subscriptions = subscriptions;
    }

    /**
     * The channel of the request.
     *
     * @param session  the session's subscriptions
     * @param existing the one that the request names, or null
     * @throws RequestException when the session may not subscribe to it
     */
    public Channel channel(final SessionSubscriptions session, final Request.Subscribe request,
            final Subscription existing) throws RequestException {
        final Channel channel = channel(request, existing);
        if (existing != null && request.options().mode() == Mode.ONCE) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/sub",
                "'" + existing.name() + "' is a running subscription: take another name for mode once");
        }
        if (existing == null && isOnceRunning(session.all(), request.sub())) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/sub", "'" + request.sub()
                + "' is a subscription of mode once without its last piece yet: wait for it, or take another name");
        }
        checkPayload(session, request, existing);
        final int maxSubscriptions = session.session().access().isEdge() ? SessionLimits.LINK_SUBSCRIPTIONS
            : subscriptions.getAsInt();
        if (existing == null && session.size() >= maxSubscriptions) {
            throw refusal(request, ErrorCode.TOO_MANY_SUBSCRIPTIONS, "/sub",
                "at most " + maxSubscriptions + " subscriptions in one session");
        }
        final Excess excess = existing == null ? session.session().access().quota().onSubscription() : null;
        if (excess != null) {
            throw RequestException.quotaExceeded("/sub", excess.message(), request.id(), excess.retryAfterMs());
        }
        return channel;
    }

    /** The options in full: those of the request, else those of {@code existing}, else the defaults. */
    public SubscriptionOptions options(final Request.Subscribe request, final Channel channel,
            final Subscription existing) throws RequestException {
        final SubscriptionOptions requested = request.options();
        final Mode mode = requested.mode() != null ? requested.mode() : existing != null ? existing.options().mode()
            : channel.isEventChannel() ? Mode.ALL : Mode.CONFLATE;
        checkMode(request, mode, channel);
        final int defaultIntervalMs = defaultInterval.getAsInt();
        final SubscriptionOptions before = existing != null ? existing.options()
            : new SubscriptionOptions(mode, defaultIntervalMs, Overflow.GAP, 0, 0, ContentOptions.ALL);
        final int defaultMs = before.mode() == Mode.CONFLATE ? before.intervalMs() : defaultIntervalMs;
        final SubscriptionOptions options = new SubscriptionOptions(mode,
            mode == Mode.ALL ? 0 : requested.intervalMs() >= 0 ? requested.intervalMs() : defaultMs,
            requested.overflow() != null ? requested.overflow() : before.overflow(),
            requested.maxRate() >= 0 ? requested.maxRate() : before.maxRate(),
            requested.maxBytes() >= 0 ? requested.maxBytes() : before.maxBytes(),
            requested.content().orElse(before.content()));
        checkView(request, options, channel);
        return options;
    }

    private static boolean isOnceRunning(final List<Subscription> running, final String name) {
        for (final Subscription subscription : running) {
            if (subscription.isOnce() && subscription.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private Channel channel(final Request.Subscribe request, final Subscription existing) throws RequestException {
        final ChannelName asked = request.channel();
        final Feed feed = asked.feed() == null && existing != null ? existing.channel().feed()
            : topics.feed(asked.feed(), request.id());
        final boolean isOwn = asked.name() == null && existing != null && existing.channel().feed() == feed;
        final Channel channel = isOwn ? existing.channel() : topics.channel(feed, asked.name());
        if (channel == null) {
            throw refusal(request, ErrorCode.UNKNOWN_CHANNEL, "/channel", "no channel '" + asked.name()
                + "', there is " + names(feed));
        }
        if (existing != null && existing.channel() != channel) {
            throw refusal(request, ErrorCode.BAD_FIELD, existing.channel().feed() == feed ? "/channel" : "/feed",
                "'" + existing.name() + "' is a subscription of channel " + existing.channel().name()
                + (topics.feeds().size() == 1 ? "" : " of feed " + existing.channel().feed().name())
                + ": unsubscribe it first");
        }
        return channel;
    }

    private static void checkPayload(final SessionSubscriptions session, final Request.Subscribe request,
            final Subscription existing) throws RequestException {
        final Boolean payload = request.options().content().payload();
        if (Boolean.TRUE.equals(payload) && !session.session().isBinary()) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/payload", "only binary messages have room for the payload "
                + "beside the value: connect with the subprotocol penstock.v1.bin, or leave payload out");
        }
        if (existing != null && payload != null && payload != existing.sendsPayloads()) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/payload", "'" + existing.name()
                + "' is a running subscription, whose payload cannot change: unsubscribe it first");
        }
    }

    private void checkMode(final Request.Subscribe request, final Mode mode, final Channel channel)
            throws RequestException {
        if (mode == Mode.CONFLATE && channel.isEventChannel()) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/mode",
                "each update of channel " + channel.name() + " counts: its modes are all and once");
        }
        if (mode == Mode.ALL && request.options().intervalMs() >= 0) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/interval", SubscriptionOptions.NO_INTERVAL);
        }
        if (mode == Mode.ALL && topics.journal().isOff()) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/mode", "this relay keeps no updates (fanout.journal = 0): "
                + (channel.isEventChannel() ? "channel " + channel.name() + " has mode once only"
                : "take mode conflate"));
        }
        if (mode != Mode.ALL && request.options().overflow() != null) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/overflow", SubscriptionOptions.NO_OVERFLOW);
        }
    }

    private static void checkView(final Request.Subscribe request, final SubscriptionOptions options,
            final Channel channel) throws RequestException {
        if (options.content().delta() && channel.isEventChannel()) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/delta",
                "each update of channel " + channel.name()
                + " stands for itself, there is nothing to leave out: leave delta out");
        }
        if (options.content().delta() && Boolean.TRUE.equals(options.content().payload())) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/payload",
                "a payload is whole, and delta asks for what has changed: leave one of them out");
        }
        if (!options.content().fields().isEmpty() && channel.isBook()) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/fields",
                "channel " + channel.name() + " holds books, which have levels and no fields: take depth instead");
        }
        if (options.content().depth() > 0 && !channel.isBook()) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/depth",
                "depth is levels of a book, and channel " + channel.name() + " is of class " + channel.conflation()
                + ": leave it out");
        }
        if (options.content().depth() > 0 && options.mode() == Mode.ALL) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/depth",
                "mode all sends each update of the book as it came: leave depth out, or send null, or take mode "
                    + "conflate with interval 0");
        }
    }

    private String names(final Feed feed) {
        return topics.channels(feed).stream().map(Channel::name).collect(Collectors.joining(", "));
    }

    private static RequestException refusal(final Request.Subscribe request, final ErrorCode code, final String path,
            final String message) {
        return new RequestException(code, path, message, request.id());
    }
}
