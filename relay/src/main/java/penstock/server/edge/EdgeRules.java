package penstock.server.edge;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.net.InetSocketAddress;

/**
 * Who may send requests to one listener.
 *
 * <p>Immutable, used by the io threads.
 */
public final class EdgeRules {
    private static final Refusal UNKNOWN_HOST = new Refusal(421, "unknown_host",
        "the Host of the request is not a name of this relay: use its IP address, or add the name to "
            + "server.host-names", false);

    private final AllowedHosts hosts;
    private final AllowedOrigins origins;

    private final TrustedProxies proxies;

    /** The relay is reached under {@code hosts}, through {@code proxies}, and pages of {@code origins} may use it. */
    public EdgeRules(final AllowedHosts hosts, final AllowedOrigins origins, final TrustedProxies proxies) {
        this.proxies = proxies;
        this.hosts = hosts;
        this.origins = origins;
    }

    /**
     * Finds out who the client is, and why its request is refused; null if it may be served: then the response lets its
     * page read it.
     */
    public Refusal check(final HttpServerExchange exchange) {
        final InetSocketAddress client = proxies.client(exchange);
        if (client != null) {
            ClientAddress.put(exchange, client);
        }
        final String host = exchange.getRequestHeaders().getFirst(Headers.HOST);
        final String forwarded = proxies.host(exchange);
        if (!isAdmitted(host) || !isAdmitted(forwarded) || !isAdmitted(target(exchange))) {
            return UNKNOWN_HOST;
        }
        return origins.admit(exchange, forwarded == null ? host : forwarded, proxies.scheme(exchange)) ? null
            : AllowedOrigins.REFUSAL;
    }

    /** Null: not named. Only HTTP/1.0, which no browser speaks, may leave the Host out. */
    private boolean isAdmitted(final String host) {
        return host == null || hosts.admits(host);
    }

    /** The host of a target with scheme and host, which counts more than the Host header (RFC 9112, 3.2.2). */
    private static String target(final HttpServerExchange exchange) {
        final String target = exchange.getRequestURI();
        final int scheme = exchange.isHostIncludedInRequestURI() ? target.indexOf("://") : -1;
        if (scheme < 0) {
            return null;
        }
        final int end = target.indexOf('/', scheme + 3);
        return target.substring(scheme + 3, end < 0 ? target.length() : end);
    }
}
