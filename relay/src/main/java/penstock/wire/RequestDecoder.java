package penstock.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Turns a text frame, or the query of a URL, into a request, or refuses it with code, path and remedy. Requests are rare: garbage
 * is fine here. Immutable, for any thread.
 */
public final class RequestDecoder {
    private static final int MAX_NAME_CHARS = 64;
    private static final int MAX_CHANNEL_CHARS = 128;
    private static final List<String> OPS = List.of("subscribe", "unsubscribe", "list", "ping", "auth");
    private static final List<String> SUBSCRIBE = List.of("op", "id", "sub", "channel", "symbols", "mode", "interval", "snapshot",
        "maxRate", "fields", "delta", "overflow", "resume");
    private static final List<String> QUERY = List.of("channel", "symbols", "mode", "interval", "snapshot",
        "maxRate", "fields", "delta", "overflow", "resume");
    /** Fields of the protocol that this version does not honour: better refused than ignored. */
    private static final List<String> LATER = List.of("maxRate", "fields", "resume");
    private static final List<String> UNSUBSCRIBE = List.of("op", "id", "sub", "symbols");
    private static final List<String> PLAIN = List.of("op", "id");
    private static final List<String> AUTH = List.of("op", "id", "token");
    private static final Set<String> SECRETS = Set.of("token", "ticket", "access_token", "bearer");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,40}");

    private final Limits limits;

    /** Symbols and intervals are held to {@code limits}. */
    public RequestDecoder(final Limits limits) {
        this.limits = limits;
    }

    /** Decodes one text frame: valid UTF-8. */
    public Request decode(final byte[] buffer, final int offset, final int length) throws RequestException {
        final RequestFields fields = new RequestJson().read(new String(buffer, offset, length, StandardCharsets.UTF_8));
        fields.takeId();
        final String op = fields.text("op", null, MAX_NAME_CHARS);
        if (op == null) {
            throw fields.refusal(ErrorCode.BAD_FIELD, "op", "op is missing: one of " + String.join(", ", OPS));
        }
        return switch (op) {
            case "subscribe" -> {
                fields.refuseUnknown(op, SUBSCRIBE);
                yield subscribe(fields);
            }
            case "unsubscribe" -> {
                fields.refuseUnknown(op, UNSUBSCRIBE);
                yield new Unsubscribe(fields.id(), fields.text("sub", "0", MAX_NAME_CHARS), fields.symbols("symbols", limits.symbols()));
            }
            case "list" -> {
                fields.refuseUnknown(op, PLAIN);
                yield new ListSubscriptions(fields.id());
            }
            case "ping" -> {
                fields.refuseUnknown(op, PLAIN);
                yield new Ping(fields.id());
            }
            case "auth" -> {
                fields.refuseUnknown(op, AUTH);
                yield new Auth(fields.id());
            }
            default -> throw fields.refusal(ErrorCode.UNKNOWN_OP, "op",
                "no op '" + Text.shown(op) + "', there is " + String.join(", ", OPS));
        };
    }

    /**
     * Decodes the parameters of a URL, percent-decoded already: the subscription {@code "0"}. Several symbols come in one parameter
     * with commas, or in several. A secret in a URL is refused as 401, before anything else: it is in too many logs already.
     */
    public Subscribe fromQuery(final Map<String, ? extends Collection<String>> query) throws RequestException {
        final RequestFields fields = fields(query, "symbols");
        fields.refuseUnknown("the query", QUERY);
        return subscribe(fields);
    }

    /** Decodes the parameters of a page of topics; {@code symbols} is what it calls its patterns, of which none means all. */
    public Selection selection(final Map<String, ? extends Collection<String>> query, final String symbols) throws RequestException {
        final RequestFields fields = fields(query, symbols);
        if (fields.has("fields")) {
            throw later(fields, "fields");
        }
        fields.refuseUnknown("the query", List.of("channel", symbols));
        final String channel = fields.text("channel", null, MAX_CHANNEL_CHARS);
        return new Selection(channel, fields.has(symbols) ? fields.symbols(symbols, limits.symbols()) : List.of(SymbolPattern.ALL));
    }

    private static RequestFields fields(final Map<String, ? extends Collection<String>> query, final String symbols)
        throws RequestException {
        for (final String name : query.keySet()) {
            if (SECRETS.contains(name.toLowerCase(Locale.ROOT))) {
                throw new RequestException(ErrorCode.TOKEN_INVALID, Text.step(name),
                    "no tokens or tickets in the URL: authentication is off here, leave it out", null);
            }
        }
        final Map<String, Object> values = new LinkedHashMap<>();
        for (final Map.Entry<String, ? extends Collection<String>> each : query.entrySet()) {
            if (each.getKey().equals(symbols)) {
                values.put(symbols, symbols(each.getValue()));
            } else if (each.getValue().size() != 1) {
                throw new RequestException(ErrorCode.BAD_FIELD, Text.step(each.getKey()),
                    Text.shown(each.getKey()) + " is there twice", null);
            } else {
                values.put(each.getKey(), value(each.getKey(), each.getValue().iterator().next()));
            }
        }
        return new RequestFields(values);
    }

    private Subscribe subscribe(final RequestFields fields) throws RequestException {
        for (final String later : LATER) {
            if (fields.has(later)) {
                throw later(fields, later);
            }
        }
        if (fields.flag("delta", false)) {
            throw fields.refusal(ErrorCode.BAD_FIELD, "delta", "delta is not supported by this version: leave it out or say false");
        }
        if (!fields.has("symbols")) {
            throw fields.refusal(ErrorCode.BAD_FIELD, "symbols", "symbols is missing: names or patterns, \"*\" is all");
        }
        final Mode mode = mode(fields);
        final int intervalMs = fields.intervalMs(limits.minIntervalMs(), limits.maxIntervalMs());
        if (mode == Mode.ALL && intervalMs >= 0) {
            throw fields.refusal(ErrorCode.BAD_FIELD, "interval", Terms.NO_INTERVAL);
        }
        final Overflow overflow = overflow(fields);
        if (mode != null && mode != Mode.ALL && overflow != null) {
            throw fields.refusal(ErrorCode.BAD_FIELD, "overflow", Terms.NO_OVERFLOW);
        }
        return new Subscribe(fields.id(), fields.text("sub", "0", MAX_NAME_CHARS), fields.text("channel", null, MAX_CHANNEL_CHARS),
            fields.symbols("symbols", limits.symbols()), fields.flag("snapshot", true), null, Terms.of(mode, intervalMs, overflow));
    }

    private static RequestException later(final RequestFields fields, final String name) {
        return fields.refusal(ErrorCode.BAD_FIELD, name, name + " is not supported by this version: leave it out");
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

    private static List<Object> symbols(final Collection<String> values) {
        final List<Object> symbols = new ArrayList<>();
        for (final String value : values) {
            if (!value.isEmpty()) {
                symbols.addAll(List.of(value.split(",", -1)));
            }
        }
        return symbols;
    }

    private static Object value(final String name, final String text) {
        return switch (name) {
            case "snapshot", "delta" -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : text;
            case "interval" -> INTEGER.matcher(text).matches() ? new RequestJson.Number(text, true) : text;
            default -> text;
        };
    }
}
