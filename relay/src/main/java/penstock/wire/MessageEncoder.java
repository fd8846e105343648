package penstock.wire;

import java.util.List;
import java.util.Map;

/**
 * Encodes the messages of the protocol except {@code snapshot} and {@code update}, which the fan-out builds. Appends
 * one JSON object to the buffer. Ids are JSON text; times are µs since 1970. Stateless.
 */
public final class MessageEncoder {
    /** What was added to version 1 of the protocol after its first release. */
    private static final List<String> FEATURES = List.of("change", "feeds", "removed", "replaces", "resume.symbols");
    private static final byte[] HEARTBEAT = MessageBuffer.ascii("{\"type\":\"heartbeat\",\"ts\":");
    private static final byte[] FEED = MessageBuffer.ascii(",\"feed\":");
    private static final byte[] POSITION = MessageBuffer.ascii("{\"type\":\"position\",\"p\":");
    private static final byte[] P = MessageBuffer.ascii(",\"p\":");

    private MessageEncoder() {
    }

    /** The first message of a session. */
    public static void welcome(final MessageBuffer out, final WelcomeInfo info) {
        out.put("{\"type\":\"welcome\",\"protocol\":\"penstock.v1\",\"version\":").putString(info.version());
        out.put(",\"session\":").putString(info.session()).put(",\"epoch\":").put(info.epoch());
        feed(out.put(",\"feed\":"), info.feeds().get(0));
        if (info.feeds().size() > 1) {
            String separator = ",\"feeds\":[";
            for (final FeedInfo feed : info.feeds()) {
                feed(out.put(separator), feed);
                separator = ",";
            }
            out.put(']');
        }
        final SessionLimits limits = info.limits();
        out.put(",\"auth\":").putString(info.auth()).put(",\"features\":");
        strings(out, FEATURES).put(",\"limits\":{\"subscriptions\":").put(limits.subscriptions());
        out.put(",\"symbols\":").put(limits.symbols()).put(",\"frameBytes\":").put(limits.frameBytes());
        out.put(",\"requestsPerSecond\":").put(limits.requestsPerSecond()).put(",\"minInterval\":")
            .put(limits.minIntervalMs());
        out.put(",\"maxInterval\":").put(limits.maxIntervalMs()).put("},\"heartbeat\":").put(info.heartbeatMs())
            .put('}');
    }

    private static void feed(final MessageBuffer out, final FeedInfo feed) {
        out.put("{\"name\":").putString(feed.name()).put(",\"state\":").putString(feed.state());
        out.put(feed.isOnDemand() ? ",\"onDemand\":true,\"channels\":[" : ",\"channels\":[");
        String separator = "";
        for (final ChannelInfo channel : feed.channels()) {
            out.put(separator).put("{\"name\":").putString(channel.name()).put(",\"class\":")
                .putString(channel.conflation());
            out.put(channel.isDefault() ? ",\"default\":true}" : "}");
            separator = ",";
        }
        out.put(']');
        if (feed.lostP() > 0) {
            out.put(",\"lost\":").put(feed.lostP());
        }
        out.put('}');
    }

    /** Adds to the welcome of another relay who the relays from the venue to this one are, by their ids. */
    public static MessageBuffer hops(final MessageBuffer out, final List<String> ids) {
        out.length(out.length() - 1);
        return strings(out.put(",\"hops\":"), ids).put('}');
    }

    /** To another relay: everything of all subscriptions of the session up to {@code p} was sent. */
    public static void position(final MessageBuffer out, final long p) {
        out.put(POSITION).put(p).put('}');
    }

    /** Adds to a message for another relay at which position it became true. */
    public static MessageBuffer at(final MessageBuffer out, final long p) {
        out.length(out.length() - 1);
        return out.put(P).put(p).put('}');
    }

    /** The reply to {@code auth}. */
    public static void authenticated(final MessageBuffer out, final String id) {
        ack(out, id, "auth").put('}');
    }

    /** The reply to {@code report}. */
    public static void reported(final MessageBuffer out, final String id) {
        ack(out, id, "report").put('}');
    }

    /** The reply to {@code change}. */
    public static void changed(final MessageBuffer out, final String id, final SubscriptionInfo info,
            final Replaces replaces) {
        ack(out, id, "change").put(",\"sub\":").putString(info.sub());
        out.put(",\"replaces\":").putString(replaces.text()).put(",\"effective\":{");
        settings(out, info).put("},\"matched\":").put(info.matched()).put('}');
    }

    /**
     * The reply to {@code subscribe}; {@code unknown} are the symbols of this request without a topic yet,
     * {@code warnings} sentences for the author of the request.
     */
    public static void subscribed(final MessageBuffer out, final String id, final SubscriptionInfo info,
            final List<String> unknown, final Replaces replaces, final boolean resumed,
            final List<String> warnings) {
        ack(out, id, "subscribe").put(",\"sub\":").putString(info.sub());
        out.put(",\"replaces\":").putString(replaces.text()).put(",\"effective\":{");
        settings(out, info).put("},\"matched\":").put(info.matched()).put(",\"unknown\":");
        strings(out, unknown).put(",\"denied\":[],\"resumed\":").put(resumed ? "true" : "false");
        if (!warnings.isEmpty()) {
            strings(out.put(",\"warnings\":"), warnings);
        }
        out.put('}');
    }

    /** The reply to {@code unsubscribe}; {@code matched} topics remain. */
    public static void unsubscribed(final MessageBuffer out, final String id, final String sub, final int matched) {
        ack(out, id, "unsubscribe").put(",\"sub\":").putString(sub).put(",\"matched\":").put(matched).put('}');
    }

    /** The reply to {@code list}. */
    public static void list(final MessageBuffer out, final String id, final List<SubscriptionInfo> infos) {
        ack(out, id, "list").put(",\"subscriptions\":[");
        String separator = "";
        for (final SubscriptionInfo info : infos) {
            out.put(separator).put("{\"sub\":").putString(info.sub()).put(',');
            settings(out, info).put(",\"symbols\":");
            strings(out, info.symbols()).put(",\"matched\":").put(info.matched()).put(",\"unknown\":");
            strings(out, info.unknown()).put(P).put(info.p()).put('}');
            separator = ",";
        }
        out.put("]}");
    }

    /** The reply to {@code ping}. */
    public static void pong(final MessageBuffer out, final String id, final long ts) {
        id(out.put("{\"type\":\"pong\""), id).put(",\"ts\":").put(ts).put('}');
    }

    /** Sent when no other message was sent for a while. {@code states}: by name of the feed, the first one first. */
    public static void heartbeat(final MessageBuffer out, final long ts, final Map<String, String> states,
            final long p) {
        out.put(HEARTBEAT).put(ts).put(FEED).putString(states.values().iterator().next());
        if (states.size() > 1) {
            String separator = ",\"feeds\":[";
            for (final Map.Entry<String, String> feed : states.entrySet()) {
                out.put(separator).put("{\"name\":").putString(feed.getKey()).put(",\"state\":")
                    .putString(feed.getValue()).put('}');
                separator = ",";
            }
            out.put(']');
        }
        out.put(P).put(p).put('}');
    }

    /**
     * The state of a feed changed. {@code feed} is null if there is one, {@code reason} may be null; {@code retryInMs}
     * is negative when unknown.
     */
    public static void feedStatus(final MessageBuffer out, final String feed, final String state, final String reason,
            final long sinceUs, final long retryInMs) {
        out.put("{\"type\":\"status\",\"scope\":\"feed\"");
        if (feed != null) {
            out.put(FEED).putString(feed);
        }
        out.put(",\"state\":").putString(state);
        if (reason != null) {
            out.put(",\"reason\":").putString(reason);
        }
        out.put(",\"since\":").put(sinceUs);
        if (retryInMs >= 0) {
            out.put(",\"retryIn\":").put(retryInMs);
        }
        out.put('}');
    }

    /** The state of some symbols of a subscription changed. {@code reason} may be null. */
    public static void symbolStatus(final MessageBuffer out, final String sub, final List<String> symbols,
            final String state, final String reason, final long sinceUs) {
        out.put("{\"type\":\"status\",\"scope\":\"symbols\",\"sub\":").putString(sub).put(",\"symbols\":");
        strings(out, symbols).put(",\"state\":").putString(state);
        if (reason != null) {
            out.put(",\"reason\":").putString(reason);
        }
        out.put(",\"since\":").put(sinceUs).put('}');
    }

    /** The operator has something to say. */
    public static void notice(final MessageBuffer out, final String level, final String text, final long ts) {
        out.put("{\"type\":\"notice\",\"level\":").putString(level).put(",\"text\":").putString(text).put(",\"ts\":")
            .put(ts).put('}');
    }

    /** A request is refused. */
    public static void error(final MessageBuffer out, final RequestException refusal) {
        id(out.put("{\"type\":\"error\""), refusal.id()).put(",\"status\":").put(refusal.code().status());
        out.put(",\"code\":").putString(refusal.code().code());
        if (refusal.path() != null) {
            out.put(",\"path\":").putString(refusal.path());
        }
        out.put(",\"message\":").putString(refusal.getMessage()).put(",\"retry\":")
            .put(refusal.code().isRetryable() ? "true" : "false");
        if (refusal.retryAfterMs() > 0) {
            out.put(",\"retryAfter\":").put(refusal.retryAfterMs());
        }
        out.put('}');
    }

    private static MessageBuffer ack(final MessageBuffer out, final String id, final String op) {
        return id(out.put("{\"type\":\"ack\""), id).put(",\"op\":").putString(op);
    }

    private static MessageBuffer id(final MessageBuffer out, final String id) {
        return id == null ? out : out.put(",\"id\":").put(id);
    }

    /** Appends the members that say what a subscription is: its channel and its options. */
    public static MessageBuffer settings(final MessageBuffer out, final SubscriptionInfo info) {
        final SubscriptionOptions options = info.options();
        if (info.channel().feed() != null) {
            out.put("\"feed\":").putString(info.channel().feed()).put(',');
        }
        out.put("\"channel\":").putString(info.channel().name()).put(",\"mode\":").putString(options.mode().text());
        if (options.mode() == Mode.CONFLATE) {
            out.put(",\"interval\":").put(options.intervalMs());
        }
        if (options.mode() == Mode.ALL) {
            out.put(",\"overflow\":").putString(options.overflow().text());
        }
        if (options.maxRate() > 0) {
            out.put(",\"maxRate\":").put(options.maxRate());
        }
        if (options.maxBytes() > 0) {
            out.put(",\"maxBytesPerSecond\":").put(options.maxBytes());
        }
        if (!options.content().fields().isEmpty()) {
            strings(out.put(",\"fields\":"), options.content().fields());
        }
        if (options.content().delta()) {
            out.put(",\"delta\":true");
        }
        if (options.content().depth() > 0 && options.content().depth() < ContentOptions.EVERY_TOUCH) {
            out.put(",\"depth\":").put(options.content().depth());
        }
        if (Boolean.TRUE.equals(options.content().payload())) {
            out.put(",\"payload\":true");
        }
        return out;
    }

    private static MessageBuffer strings(final MessageBuffer out, final List<String> texts) {
        out.put('[');
        String separator = "";
        for (final String text : texts) {
            out.put(separator).putString(text);
            separator = ",";
        }
        return out.put(']');
    }
}
