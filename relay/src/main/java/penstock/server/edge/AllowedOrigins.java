package penstock.server.edge;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which pages may use the relay from a browser: one list for WebSocket, {@code fetch} and {@code EventSource} (the
 * Fetch standard, "CORS protocol"). The relay's own page always may. A client without an {@code Origin} is no page.
 * Immutable.
 */
public final class AllowedOrigins {
    static final Refusal REFUSAL = new Refusal(403, "bad_origin",
        "the Origin of this page is not the relay's own, and server.allowed-origins does not list it", true);

    private static final String ANY = "*";
    private static final HttpString ALLOW_ORIGIN = new HttpString("Access-Control-Allow-Origin");
    private static final HttpString ALLOW_METHODS = new HttpString("Access-Control-Allow-Methods");
    private static final HttpString ALLOW_HEADERS = new HttpString("Access-Control-Allow-Headers");
    private static final HttpString EXPOSE_HEADERS = new HttpString("Access-Control-Expose-Headers");
    private static final HttpString MAX_AGE = new HttpString("Access-Control-Max-Age");
    private static final HttpString REQUEST_METHOD = new HttpString("Access-Control-Request-Method");

    private final Set<String> origins;

    /** {@code origins} like {@code https://example.com}; {@code *} is every page. */
    public AllowedOrigins(final Collection<String> origins) {
        this.origins = origins.stream().map(AllowedOrigins::canonical).collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Whether a request to {@code host} by {@code scheme} may be served; null: any scheme. If so, the response lets the
     * page read it.
     */
    boolean admit(final HttpServerExchange exchange, final String host, final String scheme) {
        final HeaderValues values = exchange.getRequestHeaders().get(Headers.ORIGIN);
        if (values == null) {
            return true;
        }
        final String origin = canonical(values.getFirst());
        final boolean isListed = origins.contains(ANY) || origins.contains(origin);
        if (values.size() > 1 || !isListed && !isOwn(origin, host, scheme)) {
            return false;
        }
        exchange.getResponseHeaders().put(EXPOSE_HEADERS, "ETag, Retry-After")
            .put(ALLOW_ORIGIN, origins.contains(ANY) ? ANY : origin);
        if (!origins.contains(ANY)) {
            exchange.getResponseHeaders().add(Headers.VARY, "Origin");
        }
        return true;
    }

    /** Answers the question that a browser asks before a request with headers of its own; false if it is none. */
    public static boolean answerPreflight(final HttpServerExchange exchange) {
        if (!exchange.getRequestMethod().equals(Methods.OPTIONS)
                || !exchange.getRequestHeaders().contains(Headers.ORIGIN)
                || !exchange.getRequestHeaders().contains(REQUEST_METHOD)) {
            return false;
        }
        exchange.getResponseHeaders().put(ALLOW_METHODS, "GET, HEAD, POST")
            .put(ALLOW_HEADERS, "Authorization, If-None-Match, Last-Event-ID, Cache-Control").put(MAX_AGE, "600");
        exchange.setStatusCode(204).endExchange();
        return true;
    }

    /** Host and port are the relay's, and the scheme, as far as it is known. */
    private static boolean isOwn(final String origin, final String host, final String scheme) {
        final String ownScheme = scheme != null ? scheme : origin.startsWith("https://") ? "https" : "http";
        return host != null && origin.equals(canonical(ownScheme + "://" + host));
    }

    /** Lower case, and without the port that the scheme implies, as browsers write it. */
    private static String canonical(final String origin) {
        final String lower = origin.toLowerCase(Locale.ROOT);
        final String implied = lower.startsWith("https://") ? ":443" : lower.startsWith("http://") ? ":80" : "";
        return lower.endsWith(implied) ? lower.substring(0, lower.length() - implied.length()) : lower;
    }
}
