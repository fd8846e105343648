package penstock.tap;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import penstock.text.Address;
import penstock.wire.MessageBuffer;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Resume;

/** Builds the address to connect to, and the subscribe message, from the options. Stateless. */
final class TapAddress {
    private TapAddress() {
    }

    /** The whole address; in raw form it includes the subscription. */
    static URI uri(final TapOptions options) {
        final URI given = parse(options.url().trim());
        final boolean isRaw = options.isRaw();
        final String path = given.getRawPath() == null || given.getRawPath().isEmpty() || given.getRawPath().equals("/")
            ? isRaw ? "/v1/raw" : "/v1/ws" : given.getRawPath();
        final StringBuilder query = new StringBuilder(given.getRawQuery() == null ? "" : given.getRawQuery());
        if (isRaw) {
            if (!symbols(options).isEmpty()) {
                add(query, "symbols", String.join(",", symbols(options)));
            }
            add(query, "feed", options.channel().feed());
            add(query, "channel", options.channel().name());
            add(query, "mode", options.subscription().mode() == null ? null : options.subscription().mode().text());
            add(query, "interval", options.subscription().intervalMs());
            add(query, "maxRate", options.subscription().maxRate());
            add(query, "maxBytesPerSecond", options.subscription().maxBytes());
        }
        return URI.create(scheme(given) + "://" + given.getRawAuthority() + path
            + (query.isEmpty() ? "" : "?" + query));
    }

    /** The subscribe message, resuming at {@code resume} if not null; null if the address contains the subscription. */
    static String subscribe(final TapOptions options, final Resume resume) {
        final List<String> symbols = symbols(options);
        if (options.isRaw() || symbols.isEmpty()) {
            return null;
        }
        final MessageBuffer out = new MessageBuffer(256).put("{\"op\":\"subscribe\",\"id\":1");
        if (options.channel().feed() != null) {
            out.put(",\"feed\":").putString(options.channel().feed());
        }
        if (options.channel().name() != null) {
            out.put(",\"channel\":").putString(options.channel().name());
        }
        put(out, "symbols", symbols);
        final SubscriptionOptions subscription = options.subscription();
        if (subscription.mode() != null) {
            out.put(",\"mode\":").putString(subscription.mode().text());
        }
        put(out, "interval", subscription.intervalMs());
        put(out, "maxRate", subscription.maxRate());
        put(out, "maxBytesPerSecond", subscription.maxBytes());
        if (subscription.content().fields() != null) {
            put(out, "fields", subscription.content().fields());
        }
        if (subscription.content().delta() != null) {
            out.put(",\"delta\":").put(subscription.content().delta().toString());
        }
        put(out, "depth", subscription.content().depth());
        if (resume != null) {
            out.put(",\"resume\":{\"epoch\":").put(resume.epoch()).put(",\"p\":").put(resume.p()).put('}');
        }
        return out.put("}").toString();
    }

    private static void put(final MessageBuffer out, final String name, final long number) {
        if (number >= 0) {
            out.put(",\"").put(name).put("\":").put(number);
        }
    }

    private static void put(final MessageBuffer out, final String name, final List<String> texts) {
        out.put(",\"").put(name).put("\":[");
        for (int i = 0; i < texts.size(); i++) {
            out.put(i == 0 ? "" : ",").putString(texts.get(i));
        }
        out.put(']');
    }

    private static List<String> symbols(final TapOptions options) {
        if (!options.symbols().isEmpty()) {
            return options.symbols();
        }
        final String query = parse(options.url().trim()).getRawQuery();
        return query != null && ("&" + query).contains("&symbols=") ? List.of() : List.of("*");
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
        return switch (uri.getScheme().toLowerCase(java.util.Locale.ROOT)) {
            case "ws", "http" -> "ws";
            case "wss", "https" -> "wss";
            default -> throw new IllegalArgumentException("unsupported scheme '" + uri.getScheme()
                + "'; use ws, wss, http or https");
        };
    }

    private static void add(final StringBuilder query, final String name, final long number) {
        add(query, name, number < 0 ? null : Long.toString(number));
    }

    private static void add(final StringBuilder query, final String name, final String value) {
        if (value != null) {
            query.append(query.isEmpty() ? "" : "&").append(name).append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
