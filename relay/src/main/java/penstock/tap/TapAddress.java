package penstock.tap;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import penstock.client.GridTerms;
import penstock.text.Address;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;

/**
 * Where a tap connects and what it subscribes to, from its options. A subscription in the query of the address is one
 * of the client's own, so that it can be resumed; options go before what the query says. Stateless.
 */
final class TapAddress {
    private static final String SYMBOLS = "symbols";
    private static final String INTERVAL = "interval";
    /** What a query of the protocol says of a subscription. */
    private static final Set<String> TERMS = Set.of(SYMBOLS, "feed", "channel", "mode", INTERVAL, "overflow", "fields",
        "delta", "depth", "maxRate", "maxBytesPerSecond");

    private TapAddress() {
    }

    /** The target of {@code options}; {@link IllegalArgumentException} says what is wrong with them. */
    static TapTarget target(final TapOptions options) {
        final URI given = parse(options.url().trim());
        final Map<String, String> terms = new LinkedHashMap<>();
        final StringBuilder rest = new StringBuilder();
        if (given.getRawQuery() != null) {
            for (final String parameter : given.getRawQuery().split("&")) {
                final String[] parts = parameter.split("=", 2);
                if (parts.length == 2 && TERMS.contains(parts[0])) {
                    final String value = URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
                    terms.merge(parts[0], value, (before, more) -> before + "," + more);
                } else {
                    rest.append(rest.isEmpty() ? "" : "&").append(parameter);
                }
            }
        }
        putOptions(terms, options);
        if (options.isRaw()) {
            terms.forEach((name, value) -> rest.append(rest.isEmpty() ? "" : "&").append(name).append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
            return new TapTarget(uri(given, "/v1/raw", rest), null, false);
        }
        return new TapTarget(uri(given, "/v1/ws", rest), terms(terms), Mode.ONCE.text().equals(terms.get("mode")));
    }

    private static URI uri(final URI given, final String defaultPath, final StringBuilder query) {
        final boolean hasPath = given.getRawPath() != null && given.getRawPath().length() > 1;
        return URI.create(scheme(given) + "://" + given.getRawAuthority()
            + (hasPath ? given.getRawPath() : defaultPath) + (query.isEmpty() ? "" : "?" + query));
    }

    private static void putOptions(final Map<String, String> terms, final TapOptions options) {
        final SubscriptionOptions subscription = options.subscription();
        if (!options.symbols().isEmpty()) {
            terms.put(SYMBOLS, String.join(",", options.symbols()));
        }
        terms.putIfAbsent(SYMBOLS, "*");
        put(terms, "feed", options.channel().feed());
        put(terms, "channel", options.channel().name());
        put(terms, "mode", subscription.mode() == null ? null : subscription.mode().text());
        put(terms, INTERVAL, number(subscription.intervalMs()));
        put(terms, "maxRate", number(subscription.maxRate()));
        put(terms, "maxBytesPerSecond", number(subscription.maxBytes()));
        put(terms, "fields", subscription.content().fields() == null ? null
            : String.join(",", subscription.content().fields()));
        put(terms, "delta", subscription.content().delta() == null ? null : subscription.content().delta().toString());
        put(terms, "depth", number(subscription.content().depth()));
        if (Mode.ALL.text().equals(terms.get("mode")) && terms.containsKey(INTERVAL)) {
            throw new IllegalArgumentException("mode all sends each update at once: leave out the interval");
        }
    }

    private static String number(final long number) {
        return number < 0 ? null : Long.toString(number);
    }

    private static void put(final Map<String, String> terms, final String name, final String value) {
        if (value != null) {
            terms.put(name, value);
        }
    }

    /** Whole values at the relay's interval, unless the terms say something else. */
    private static GridTerms terms(final Map<String, String> asked) {
        GridTerms terms = GridTerms.of(asked.get(SYMBOLS).split(",")).intervalOfRelay();
        if (!"true".equals(asked.get("delta"))) {
            terms = terms.wholeValues();
        }
        for (final Map.Entry<String, String> each : asked.entrySet()) {
            final String value = each.getValue();
            terms = switch (each.getKey()) {
                case "feed" -> terms.feed(value);
                case "channel" -> terms.channel(value);
                case "mode" -> terms.mode(value);
                case INTERVAL -> terms.interval((int) number(each));
                case "overflow" -> terms.overflow(value);
                case "fields" -> terms.fields(value.split(","));
                case "depth" -> terms.depth((int) number(each));
                case "maxRate" -> terms.maxRate((int) number(each));
                case "maxBytesPerSecond" -> terms.maxBytesPerSecond(number(each));
                default -> terms;
            };
        }
        return terms;
    }

    private static long number(final Map.Entry<String, String> term) {
        if (!term.getValue().matches("\\d{1,9}")) {
            throw new IllegalArgumentException("'" + term.getKey() + "' must be a number of at most 9 digits, got '"
                + term.getValue() + "'");
        }
        return Long.parseLong(term.getValue());
    }

    private static URI parse(final String url) {
        try {
            final URI uri = new URI(url.contains("://") ? url : "ws://" + url);
            if (uri.getHost() == null) {
                throw new IllegalArgumentException("no host in '" + new Address(url)
                    + "'; expected an address such as ws://localhost:8080");
            }
            scheme(uri);
            return uri;
        } catch (final URISyntaxException e) {
            throw new IllegalArgumentException("not an address: '" + new Address(url) + "': " + e.getReason()
                + "; expected one such as ws://localhost:8080");
        }
    }

    private static String scheme(final URI uri) {
        return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
            case "ws", "http" -> "ws";
            case "wss", "https" -> "wss";
            default -> throw new IllegalArgumentException("unsupported scheme '" + uri.getScheme()
                + "'; use ws, wss, http or https");
        };
    }
}
