package penstock.server.edge;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import penstock.text.AddressRange;
import penstock.text.IpLiteral;

/**
 * Proxies in front of the relay whose word on their clients counts. What anybody else says in {@code X-Forwarded-…} is
 * ignored. Immutable.
 */
public final class TrustedProxies {
    private final List<AddressRange> ranges;

    /** {@code ranges} as {@link AddressRange#parse} reads them. */
    public TrustedProxies(final Collection<String> ranges) {
        this.ranges = ranges.stream().map(AddressRange::parse).toList();
    }

    boolean trusts(final InetAddress address) {
        for (final AddressRange range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The client of a request: from the right, the first address of {@code X-Forwarded-For} that is no trusted proxy.
     * What stands left of it is the client's own word. What is no address ends the search at the proxy that sent it.
     */
    InetSocketAddress client(final HttpServerExchange exchange) {
        InetSocketAddress client = ClientAddress.sender(exchange);
        final HeaderValues lines = exchange.getRequestHeaders().get(Headers.X_FORWARDED_FOR);
        if (lines == null || client == null) {
            return client;
        }
        for (int line = lines.size() - 1; line >= 0; line--) {
            final String hops = lines.get(line);
            for (int end = hops.length(); end >= 0;) {
                if (!trusts(client.getAddress())) {
                    return client;
                }
                final int comma = hops.lastIndexOf(',', end - 1);
                final InetSocketAddress hop = hop(hops.substring(comma + 1, end).trim());
                if (hop == null) {
                    return client;
                }
                client = hop;
                end = comma;
            }
        }
        return client;
    }

    /** The host in the client's address bar, if a trusted proxy names it; else null. */
    String host(final HttpServerExchange exchange) {
        return last(exchange, Headers.X_FORWARDED_HOST);
    }

    /**
     * The scheme by which the client came; null if it may be either, because a proxy that is not known may have ended
     * TLS.
     */
    String scheme(final HttpServerExchange exchange) {
        final String forwarded = last(exchange, Headers.X_FORWARDED_PROTO);
        return forwarded != null
            ? forwarded.toLowerCase(Locale.ROOT) : "https".equals(exchange.getRequestScheme()) ? "https" : null;
    }

    /** What the nearest proxy says: proxies that do not replace a header append to it. */
    private String last(final HttpServerExchange exchange, final HttpString name) {
        final HeaderMap headers = exchange.getRequestHeaders();
        final InetSocketAddress sender = ranges.isEmpty() ? null : ClientAddress.sender(exchange);
        if (sender == null || !headers.contains(name) || !trusts(sender.getAddress())) {
            return null;
        }
        final String value = headers.getLast(name);
        return value.substring(value.lastIndexOf(',') + 1).trim();
    }

    /** An address, perhaps with a port: {@code 192.0.2.1:8080}, {@code [2001:db8::1]:8080}. */
    private static InetSocketAddress hop(final String text) {
        final boolean isBracketed = text.startsWith("[") && text.indexOf(']') > 0;
        final int colon = text.indexOf(':');
        final String address = isBracketed ? text.substring(1, text.indexOf(']'))
            : colon == text.lastIndexOf(':') && colon > 0 ? text.substring(0, colon) : text;
        final InetAddress parsed = IpLiteral.parse(address);
        return parsed == null ? null : new InetSocketAddress(parsed, 0);
    }
}
