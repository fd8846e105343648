package penstock.fanout;

import java.util.ArrayList;
import java.util.List;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.ContentOptions;
import penstock.wire.ErrorCode;
import penstock.wire.Mode;
import penstock.wire.Overflow;
import penstock.wire.RequestException;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;

/**
 * What a subscribe comes to: the channel, and all the terms that the subscription is going to keep to, or why it is
 * refused. Nothing is changed before all of it is agreed. Owned by the shard.
 */
final class OptionsResolver {
    private final TopicTable topics;
    private final SessionSettings settings;
    private final SymbolLimits symbolLimits;

    OptionsResolver(final TopicTable topics, final SessionSettings settings, final SymbolLimits symbolLimits) {
        this.topics = topics;
        this.settings = settings;
        this.symbolLimits = symbolLimits;
    }

    /**
     * The channel, if a session with these {@code running} may ask for it; {@code existing} is the subscription of that
     * name, or null.
     */
    Channel channel(final List<Subscription> running, final Request.Subscribe request, final Subscription existing)
            throws RequestException {
        final Channel channel = channel(request, existing);
        if (existing != null && request.options().mode() == Mode.ONCE) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/sub",
                "'" + existing.name + "' is a running subscription: take another name for mode once");
        }
        if (existing == null && running.size() >= settings.limits().subscriptions()) {
            throw refusal(request, ErrorCode.TOO_MANY_SUBSCRIPTIONS, "/sub",
                "at most " + settings.limits().subscriptions() + " subscriptions in one session");
        }
        symbolLimits.checkSubscribe(running, request.symbols(), existing, request.id());
        return channel;
    }

    /** What it keeps to: what the request says, else what it kept to before, else what is usual. */
    SubscriptionOptions terms(final Request.Subscribe request, final Channel channel, final Subscription existing)
            throws RequestException {
        final SubscriptionOptions said = request.options();
        final Mode mode = said.mode() != null ? said.mode() : existing != null ? existing.terms().mode()
            : channel.isEventChannel() ? Mode.ALL : Mode.CONFLATE;
        checkMode(request, mode, channel);
        final SubscriptionOptions had = existing != null ? existing.terms()
            : new SubscriptionOptions(mode, settings.defaultIntervalMs(), Overflow.GAP, 0, 0, ContentOptions.ALL);
        final int usualMs = had.mode() == Mode.CONFLATE ? had.intervalMs() : settings.defaultIntervalMs();
        final SubscriptionOptions terms = new SubscriptionOptions(mode,
            mode == Mode.ALL ? 0 : said.intervalMs() >= 0 ? said.intervalMs() : usualMs,
            said.overflow() != null ? said.overflow() : had.overflow(),
            said.maxRate() >= 0 ? said.maxRate() : had.maxRate(),
            said.maxBytes() >= 0 ? said.maxBytes() : had.maxBytes(),
            said.content().orElse(had.content()));
        checkView(request, terms, channel);
        return terms;
    }

    private Channel channel(final Request.Subscribe request, final Subscription existing) throws RequestException {
        final Channel channel =
            topics.channel(request.channel() == null && existing != null ? existing.channel.name() : request.channel());
        if (channel == null) {
            throw refusal(request, ErrorCode.UNKNOWN_CHANNEL, "/channel", "no channel '" + request.channel()
                + "', there is " + names());
        }
        if (existing != null && existing.channel != channel) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/channel",
                "'" + existing.name + "' is a subscription of channel " + existing.channel.name()
                + ": unsubscribe it first");
        }
        return channel;
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

    private static void checkView(final Request.Subscribe request, final SubscriptionOptions terms,
            final Channel channel)
            throws RequestException {
        if (terms.content().delta() && channel.isEventChannel()) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/delta",
                "each update of channel " + channel.name()
                + " stands for itself, there is nothing to leave out: leave delta out");
        }
        if (!terms.content().fields().isEmpty() && channel.isBook()) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/fields",
                "channel " + channel.name() + " holds books, which have levels and no fields: take depth instead");
        }
        if (terms.content().depth() > 0 && !channel.isBook()) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/depth",
                "depth is levels of a book, and channel " + channel.name() + " is of class " + channel.conflation()
                + ": leave it out");
        }
        if (terms.content().depth() > 0 && terms.mode() == Mode.ALL) {
            throw refusal(request, ErrorCode.BAD_FIELD, "/depth",
                "mode all sends each update of the book as it came: leave depth out, or say null, or take mode "
                    + "conflate with interval 0");
        }
    }

    private String names() {
        final List<String> names = new ArrayList<>();
        topics.channels().forEach(channel -> names.add(channel.name()));
        return String.join(", ", names);
    }

    private static RequestException refusal(final Request.Subscribe request, final ErrorCode code, final String path,
            final String message) {
        return new RequestException(code, path, message, request.id());
    }
}
