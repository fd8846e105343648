package penstock.schema;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import penstock.wire.ChannelInfo;
import penstock.wire.ChannelName;
import penstock.wire.ContentOptions;
import penstock.wire.ErrorCode;
import penstock.wire.FeedInfo;
import penstock.wire.GapMessage;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;
import penstock.wire.Mode;
import penstock.wire.Overflow;
import penstock.wire.Replaces;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionInfo;
import penstock.wire.SubscriptionOptions;
import penstock.wire.WelcomeInfo;

/** What each method of the encoder writes, with as little and with as much as it can. One thread. */
final class EncodedMessages {
    private static final long US = 1_795_197_930_000_000L;
    private static final SubscriptionInfo SPARSE = new SubscriptionInfo("0", "quote",
        new SubscriptionOptions(Mode.ONCE, 100, null, 0, 0, new ContentOptions(List.of(), false, 0)),
        List.of("A"), 0, List.of(), 0);
    private static final SubscriptionInfo CONFLATED = new SubscriptionInfo(new ChannelName("kraken", "book"), "grid",
        new SubscriptionOptions(Mode.CONFLATE, 250, null, 2_000, 65_536, new ContentOptions(List.of("bid"), true, 10)),
        List.of("*", "A"), 7, List.of("A"), 9);
    private static final SubscriptionInfo COMPLETE = new SubscriptionInfo("grid", "trade",
        new SubscriptionOptions(Mode.ALL, 0, Overflow.CLOSE, 0, 0, new ContentOptions(List.of(), false, 0, true)),
        List.of("A"), 7, List.of(), 9);

    private final List<String> messages = new ArrayList<>();
    private final Set<String> methods = new TreeSet<>();

    EncodedMessages() {
        final FeedInfo live = new FeedInfo("demo", "live", false,
            List.of(new ChannelInfo("quote", "last-value", true), new ChannelInfo("trade", "event", false)));
        final FeedInfo stale = new FeedInfo("kraken", "stale", true,
            List.of(new ChannelInfo("book", "order-book", true)));
        final SessionLimits limits = new SessionLimits(50, 5_000, 65_536, 20, 0, 60_000);
        for (final List<FeedInfo> feeds : List.of(List.of(live), List.of(live, stale))) {
            add("welcome", out ->
                MessageEncoder.welcome(out, new WelcomeInfo("0.1.0", "k3f9", 27, feeds, "keys", limits, 5_000)));
        }
        final FeedInfo lost = new FeedInfo("demo", "live", false, live.channels(), 17);
        add("welcome", out -> {
            MessageEncoder.welcome(out, new WelcomeInfo("0.1.0", "k3f9", 27, List.of(lost), "none", limits, 250));
            MessageEncoder.hops(out, List.of("ingest-1~3fa09c41"));
        });
        add("position", out -> MessageEncoder.position(out, 9));
        for (final String id : new String[] {null, "7", "\"seven\"", "1".repeat(40)}) {
            for (final SubscriptionInfo info : List.of(SPARSE, CONFLATED, COMPLETE)) {
                add("subscribed", out -> MessageEncoder.subscribed(out, id, info, info.unknown(), Replaces.ALL,
                    id != null, id == null ? List.of() : List.of("no symbol is like it")));
                add("changed", out -> MessageEncoder.changed(out, id, info, Replaces.NONE));
                add("unsubscribed", out -> MessageEncoder.unsubscribed(out, id, info.sub(), info.matched()));
            }
            add("list", out -> MessageEncoder.list(out, id, List.of(SPARSE, CONFLATED, COMPLETE)));
            add("authenticated", out -> MessageEncoder.authenticated(out, id));
            add("reported", out -> MessageEncoder.reported(out, id));
            add("pong", out -> MessageEncoder.pong(out, id, US));
            for (final ErrorCode code : ErrorCode.values()) {
                add("error", out -> MessageEncoder.error(out, new RequestException(code, null, "why", id)));
                add("error", out -> MessageEncoder.error(out, new RequestException(code, "/op", "why", id)));
            }
            add("error", out -> MessageEncoder.error(out, RequestException.rateLimited("why", id, 44)));
        }
        final Map<String, String> states = new LinkedHashMap<>(Map.of("demo", "live"));
        add("heartbeat", out -> MessageEncoder.heartbeat(out, US, states, 9));
        final Map<String, String> both = new LinkedHashMap<>(states);
        both.put("kraken", "closed");
        add("heartbeat", out -> {
            MessageEncoder.heartbeat(out, US, both, 9);
            MessageEncoder.hops(out, List.of("ingest-1~3fa09c41"));
        });
        add("feedStatus", out -> MessageEncoder.feedStatus(out, null, "live", null, US, -1));
        add("feedStatus", out -> MessageEncoder.feedStatus(out, "kraken", "stale", "upstream_silent", US, 0));
        add("symbolStatus", out -> MessageEncoder.symbolStatus(out, "0", List.of("A"), "denied", null, US));
        add("symbolStatus", out -> MessageEncoder.symbolStatus(out, "0", List.of("A", "B"), "closed", "no such", US));
        add("feedStatus", out -> {
            MessageEncoder.feedStatus(out, null, "stale", "upstream_silent", US, 0);
            MessageEncoder.at(out, 9);
            MessageEncoder.hops(out, List.of("ingest-1~3fa09c41"));
        });
        add("symbolStatus", out -> {
            MessageEncoder.symbolStatus(out, "0", List.of("A"), "closed", "no such", US);
            MessageEncoder.at(out, 9);
        });
        messages.add(gap(gap -> gap.begin("0", 0, 1).end()));
        messages.add(gap(gap -> gap.begin("0", 9, 5).add("A", 7, 2).add("B", 3, 3).end()));
        add("notice", out -> MessageEncoder.notice(out, "info", "closed: 4503 retryAfter=2000", US));
        add("notice", out -> MessageEncoder.notice(out, "warning", "maintenance", US));
    }

    /** One message of each kind with each of its fields. */
    List<String> messages() {
        return messages;
    }

    /** The methods of the encoder that wrote them. */
    Set<String> methods() {
        return methods;
    }

    /** All methods that write messages; those that write a part of one return the buffer. */
    static Set<String> allMethods() {
        final Set<String> all = new TreeSet<>();
        for (final Method method : MessageEncoder.class.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers()) && method.getReturnType() == void.class) {
                all.add(method.getName());
            }
        }
        return all;
    }

    private static String gap(final Consumer<GapMessage> encoding) {
        final MessageBuffer out = new MessageBuffer(256);
        encoding.accept(new GapMessage(out));
        return out.toString();
    }

    private void add(final String method, final Consumer<MessageBuffer> encoding) {
        final MessageBuffer out = new MessageBuffer(256);
        encoding.accept(out);
        messages.add(out.toString());
        methods.add(method);
    }
}
