package penstock.server.auth;

import io.undertow.server.HttpServerExchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Deque;
import penstock.identity.Identity;
import penstock.identity.Principal;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/**
 * What an edge calls itself: {@code link} in the query of its session, else its name as a client. Where clients do not
 * have to show who they are, the parameter makes an edge of a client, but only of one in a network of private
 * addresses. Stateless.
 */
public final class EdgeName {
    private static final String PARAMETER = "link";
    private static final int PRIVATE_IPV6 = 0xfc;

    private EdgeName() {
    }

    /**
     * Who a client is by that.
     *
     * @param client who shows it; null if it is not known yet
     * @param from   its address
     * @throws RequestException if the client is no edge
     */
    public static Identity check(final HttpServerExchange exchange, final Identity client, final InetSocketAddress from)
            throws RequestException {
        final String name = name(exchange);
        if (name == null || client != null && client.isEdge()) {
            return client;
        }
        if (client == Identity.ANONYMOUS && isPrivate(from) && Principal.problemOfId(name) == null) {
            return Identity.ofEdge(name);
        }
        throw new RequestException(ErrorCode.FORBIDDEN, '/' + PARAMETER, client == Identity.ANONYMOUS
            ? "without authentication an edge connects from a private address: see the protocol, between relays"
            : "a link is for edges: show a credential with role = edge in the handshake, or leave the parameter out",
            null);
    }

    /** What an edge calls itself. */
    public static String of(final HttpServerExchange exchange, final Identity edge) {
        final String name = name(exchange);
        return name == null ? edge.principal().id() : name;
    }

    private static String name(final HttpServerExchange exchange) {
        final Deque<String> names = exchange.getQueryParameters().get(PARAMETER);
        return names == null ? null : names.peekFirst();
    }

    private static boolean isPrivate(final InetSocketAddress from) {
        final InetAddress address = from == null ? null : from.getAddress();
        return address != null && (address.isLoopbackAddress() || address.isSiteLocalAddress()
            || address.isLinkLocalAddress() || address.getAddress().length > 4
            && (address.getAddress()[0] & 0xfe) == PRIVATE_IPV6);
    }
}
