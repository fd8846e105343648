package penstock.wire.request;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import penstock.wire.ChannelName;
import penstock.wire.ContentOptions;
import penstock.wire.ErrorCode;
import penstock.wire.Mode;
import penstock.wire.Overflow;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;

/**
 * Decodes a text frame, or the query of a URL, to a request, or rejects it with code, path and remedy. Requests are
 * rare, so garbage is acceptable here. Any thread.
 */
public final class RequestDecoder {
    private static final int MAX_NAME_CHARS = 64;
    private static final int MAX_CHANNEL_CHARS = 128;
    private static final int MAX_TOKEN_CHARS = 8_192;
    private static final List<String> OPS = List.of("subscribe", "change", "unsubscribe", "list", "ping", "auth",
        "report");
    private static final List<String> SUBSCRIBE =
        List.of("op", "id", "sub", "feed", "channel", "symbols", "mode", "interval", "snapshot",
        "maxRate", "maxBytesPerSecond", "fields", "delta", "depth", "payload", "overflow", "resume");
    private static final List<String> CHANGE = List.of("op", "id", "sub", "mode", "interval", "snapshot",
        "maxRate", "maxBytesPerSecond", "fields", "delta", "depth", "overflow");
    private static final List<String> QUERY = List.of("feed", "channel", "symbols", "mode", "interval", "snapshot",
        "maxRate", "maxBytesPerSecond", "fields", "delta", "depth", "payload", "overflow", "resume");
    private static final List<String> SNAPSHOT = List.of("feed", "channel", "symbols", "fields", "depth");
    private static final List<String> SYMBOLS = List.of("feed", "channel", "match");
    private static final int MAX_RATE = 1_000_000;
    private static final int MIN_BYTES_PER_SECOND = 1_000;
    private static final long MAX_BYTES_PER_SECOND = 1_000_000_000_000L;
    private static final int MAX_DEPTH = 10_000;
    private static final List<String> UNSUBSCRIBE = List.of("op", "id", "sub", "symbols");
    private static final List<String> ID_ONLY = List.of("op", "id");
    private static final List<String> AUTH = List.of("op", "id", "token");

    private volatile SessionLimits limits;
    /** Null if this is the one of links. */
    private final RequestDecoder ofLinks;
    /** Null unless this is the one of links. */
    private final RequestDecoder ofOthers;

    /** Enforces the limits of symbols and intervals. */
    public RequestDecoder(final SessionLimits limits) {
        this.limits = limits;
        ofOthers = null;
        ofLinks = new RequestDecoder(this);
    }

    private RequestDecoder(final RequestDecoder ofOthers) {
        this.ofOthers = ofOthers;
        ofLinks = null;
    }

    /** Enforces other limits from the next request on. */
    public void follow(final SessionLimits next) {
        limits = next;
    }

    /** The one for requests of edges, with their limits. */
    public RequestDecoder ofLinks() {
        return ofLinks;
    }

    private SessionLimits limits() {
        return ofOthers == null ? limits : ofOthers.limits.ofLink();
    }

    /**
     * Decodes one text frame of valid UTF-8.
     *
     * @throws RequestException if the request is invalid
     */
    public Request decode(final byte[] buffer, final int offset, final int length) throws RequestException {
        final RequestDecoding decoding = begin(buffer, offset, length);
        decoding.advance(() -> false);
        return decoding.request();
    }

    /** Begins to decode one text frame of valid UTF-8, which the caller may overwrite. */
    public RequestDecoding begin(final byte[] buffer, final int offset, final int length) {
        return new RequestDecoding(this, new String(buffer, offset, length, StandardCharsets.UTF_8));
    }

    /** The most symbols of a request. */
    int maxSymbols() {
        return limits().symbols();
    }

    Request decode(final RequestFields fields) throws RequestException {
        fields.takeId();
        final String op = fields.text("op", null, MAX_NAME_CHARS);
        if (op == null) {
            throw fields.rejection(ErrorCode.BAD_FIELD, "op", "op is missing: one of " + String.join(", ", OPS));
        }
        return switch (op) {
            case "subscribe" -> {
                fields.rejectUnknown(op, SUBSCRIBE);
                yield subscribe(fields);
            }
            case "change" -> {
                fields.rejectUnknown(op, CHANGE);
                yield new Request.Change(fields.id(), fields.text("sub", "0", MAX_NAME_CHARS),
                    fields.flag("snapshot", true), options(fields));
            }
            case "unsubscribe" -> {
                fields.rejectUnknown(op, UNSUBSCRIBE);
                yield new Request.Unsubscribe(fields.id(), fields.text("sub", "0", MAX_NAME_CHARS),
                    fields.symbols("symbols", limits().symbols()));
            }
            case "list" -> {
                fields.rejectUnknown(op, ID_ONLY);
                yield new Request.ListSubscriptions(fields.id());
            }
            case "ping" -> {
                fields.rejectUnknown(op, ID_ONLY);
                yield new Request.Ping(fields.id());
            }
            case "auth" -> {
                fields.rejectUnknown(op, AUTH);
                yield new Request.Auth(fields.id(), fields.text("token", null, MAX_TOKEN_CHARS));
            }
            case "report" -> ReportReader.read(fields);
            default -> throw fields.rejection(ErrorCode.UNKNOWN_OP, "op",
                "unknown op '" + ClientText.shown(op) + "', use one of " + String.join(", ", OPS));
        };
    }

    /** Rejects a secret in the parameters of a URL with 401. */
    public static void rejectSecrets(final Map<String, ?> query) throws RequestException {
        RequestQuery.rejectSecrets(query);
    }

    /**
     * Decodes the parameters of a URL, already percent-decoded, to a subscription with the name {@code "0"}. Several
     * symbols or fields are separated by commas, or given in several parameters. A secret in a URL is rejected with 401
     * before anything else, because it already is in too many logs.
     */
    public Request.Subscribe fromQuery(final Map<String, ? extends Collection<String>> query) throws RequestException {
        final RequestFields fields = RequestQuery.fields(query);
        fields.rejectUnknown("the query", QUERY);
        if (fields.has("resume")) {
            throw fields.rejection(ErrorCode.BAD_FIELD, "resume",
                "a query cannot resume: use a subscribe message, or the header Last-Event-ID of /v1/sse");
        }
        return subscribe(fields);
    }

    /** Decodes the query of {@code /v1/snapshot}; without symbols it selects all topics. */
    public TopicQuery snapshotQuery(final Map<String, ? extends Collection<String>> query) throws RequestException {
        final RequestFields fields = RequestQuery.fields(query);
        fields.rejectUnknown("the query", SNAPSHOT);
        final List<String> names = fields.names("fields");
        return new TopicQuery(channel(fields), patterns(fields, "symbols"),
            names == null ? List.of() : names, Math.max(0, (int) fields.limit("depth", 1, MAX_DEPTH)));
    }

    /** Decodes the query of {@code /v1/symbols}; without a pattern it selects all symbols. */
    public TopicQuery symbolsQuery(final Map<String, ? extends Collection<String>> query) throws RequestException {
        final RequestFields fields = RequestQuery.fields(query);
        fields.rejectUnknown("the query", SYMBOLS);
        return new TopicQuery(channel(fields), patterns(fields, "match"), List.of(), 0);
    }

    private List<SymbolPattern> patterns(final RequestFields fields, final String name) throws RequestException {
        return fields.has(name) ? fields.symbols(name, limits().symbols()) : List.of(SymbolPattern.ALL);
    }

    private Request.Subscribe subscribe(final RequestFields fields) throws RequestException {
        if (!fields.has("symbols")) {
            throw fields.rejection(ErrorCode.BAD_FIELD, "symbols",
                "symbols is missing: names or patterns, \"*\" selects all");
        }
        return new Request.Subscribe(fields.id(), channel(fields), fields.text("sub", "0", MAX_NAME_CHARS),
            fields.symbols("symbols", limits().symbols()), fields.flag("snapshot", true),
            fields.resume(limits().symbols()), options(fields));
    }

    private static ChannelName channel(final RequestFields fields) throws RequestException {
        return new ChannelName(fields.text("feed", null, MAX_NAME_CHARS),
            fields.text("channel", null, MAX_CHANNEL_CHARS));
    }

    private SubscriptionOptions options(final RequestFields fields) throws RequestException {
        final Mode mode = mode(fields);
        final int intervalMs = fields.intervalMs(limits().minIntervalMs(), limits().maxIntervalMs());
        if (mode == Mode.ALL && intervalMs >= 0) {
            throw fields.rejection(ErrorCode.BAD_FIELD, "interval", SubscriptionOptions.NO_INTERVAL);
        }
        final Overflow overflow = overflow(fields);
        if (mode != null && mode != Mode.ALL && overflow != null) {
            throw fields.rejection(ErrorCode.BAD_FIELD, "overflow", SubscriptionOptions.NO_OVERFLOW);
        }
        final int depth = (int) fields.limit("depth", 1, MAX_DEPTH);
        if (mode == Mode.ALL && depth > 0) {
            throw fields.rejection(ErrorCode.BAD_FIELD, "depth", SubscriptionOptions.NO_DEPTH);
        }
        return new SubscriptionOptions(mode, intervalMs, overflow, (int) fields.limit("maxRate", 1, MAX_RATE),
            fields.limit("maxBytesPerSecond", MIN_BYTES_PER_SECOND, MAX_BYTES_PER_SECOND),
            new ContentOptions(fields.names("fields"), fields.has("delta") ? fields.flag("delta", false) : null,
            depth, fields.has("payload") ? fields.flag("payload", false) : null));
    }

    private static Mode mode(final RequestFields fields) throws RequestException {
        final String text = fields.text("mode", null, MAX_NAME_CHARS);
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "conflate" -> Mode.CONFLATE;
            case "once" -> Mode.ONCE;
            case "all" -> Mode.ALL;
            default -> throw fields.bad("mode", "conflate, all or once", text);
        };
    }

    private static Overflow overflow(final RequestFields fields) throws RequestException {
        final String text = fields.text("overflow", null, MAX_NAME_CHARS);
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "gap" -> Overflow.GAP;
            case "close" -> Overflow.CLOSE;
            default -> throw fields.bad("overflow", "gap or close", text);
        };
    }
}
