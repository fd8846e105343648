package penstock.tap;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import penstock.wire.MessageBuffer;

/**
 * Makes the address to connect to, and the request to send, of what was asked for.
 */
final class TapAddress {
    private TapAddress() {
    }

    /** The whole address; the selection is part of it in raw form only. */
    static URI uri(final TapOptions options) {
        final URI given = parse(options.url().trim());
        final boolean isRaw = options.form() == TapOptions.Form.RAW;
        final String path = given.getRawPath() == null || given.getRawPath().isEmpty() || given.getRawPath().equals("/")
            ? isRaw ? "/v1/raw" : "/v1/ws" : given.getRawPath();
        final StringBuilder query = new StringBuilder(given.getRawQuery() == null ? "" : given.getRawQuery());
        if (isRaw) {
            if (!symbols(options).isEmpty()) {
                add(query, "symbols", String.join(",", symbols(options)));
            }
            add(query, "channel", options.channel());
            add(query, "mode", options.mode());
            add(query, "interval", options.interval() < 0 ? null : Integer.toString(options.interval()));
        }
        return URI.create(scheme(given) + "://" + given.getRawAuthority() + path + (query.isEmpty() ? "" : "?" + query));
    }

    /** The subscribe message, or null if the address says all. */
    static String subscribe(final TapOptions options) {
        final List<String> symbols = symbols(options);
        if (options.form() == TapOptions.Form.RAW || symbols.isEmpty()) {
            return null;
        }
        final MessageBuffer out = new MessageBuffer(256).put("{\"op\":\"subscribe\",\"id\":1");
        if (options.channel() != null) {
            out.put(",\"channel\":").putString(options.channel());
        }
        out.put(",\"symbols\":[");
        for (int i = 0; i < symbols.size(); i++) {
            out.put(i == 0 ? "" : ",").putString(symbols.get(i));
        }
        out.put("]");
        if (options.mode() != null) {
            out.put(",\"mode\":").putString(options.mode());
        }
        if (options.interval() >= 0) {
            out.put(",\"interval\":").put(options.interval());
        }
        return out.put("}").toString();
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
                throw new IllegalArgumentException("no host in '" + url + "'; expected an address such as ws://localhost:8080");
            }
            scheme(uri);
            return uri;
        } catch (final URISyntaxException e) {
            throw new IllegalArgumentException("not an address: '" + url + "': " + e.getReason()
                + "; expected one such as ws://localhost:8080", e);
        }
    }

    private static String scheme(final URI uri) {
        return switch (uri.getScheme().toLowerCase(java.util.Locale.ROOT)) {
            case "ws", "http" -> "ws";
            case "wss", "https" -> "wss";
            default -> throw new IllegalArgumentException("cannot speak '" + uri.getScheme() + "'; use ws, wss, http or https");
        };
    }

    private static void add(final StringBuilder query, final String name, final String value) {
        if (value != null) {
            query.append(query.isEmpty() ? "" : "&").append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
