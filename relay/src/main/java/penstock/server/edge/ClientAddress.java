package penstock.server.edge;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.util.AttachmentKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The address of the client of a request: that of its connection, or the one that a trusted proxy names. Limits and the
 * log use it. Stateless; the addresses belong to the exchange and the connection.
 */
public final class ClientAddress {
    private static final AttachmentKey<InetSocketAddress> OF_CONNECTION =
        AttachmentKey.create(InetSocketAddress.class);
    private static final AttachmentKey<InetSocketAddress> OF_EXCHANGE = AttachmentKey.create(InetSocketAddress.class);

    private ClientAddress() {
    }

    /** The client; null if its connection has no IP address. */
    public static InetSocketAddress of(final HttpServerExchange exchange) {
        final InetSocketAddress client = exchange.getAttachment(OF_EXCHANGE);
        return client == null ? sender(exchange) : client;
    }

    /** Address and port of a client, or {@code unknown}. */
    public static String text(final SocketAddress client) {
        return client instanceof InetSocketAddress inet && inet.getAddress() != null
            ? inet.getAddress().getHostAddress() + ":" + inet.getPort() : "unknown";
    }

    /** The address of a client as text, without a port; {@code unknown} for null. */
    public static String host(final InetSocketAddress client) {
        return client == null ? "unknown" : client.getAddress().getHostAddress();
    }

    /** Who sent the request, by the PROXY header of the connection or by the connection itself. */
    static InetSocketAddress sender(final HttpServerExchange exchange) {
        final InetSocketAddress named = exchange.getConnection().getAttachment(OF_CONNECTION);
        final SocketAddress peer = named == null ? exchange.getConnection().getPeerAddress() : named;
        return peer instanceof InetSocketAddress inet && inet.getAddress() != null ? inet : null;
    }

    static void put(final HttpServerExchange exchange, final InetSocketAddress client) {
        exchange.putAttachment(OF_EXCHANGE, client);
    }

    static void put(final ServerConnection connection, final InetSocketAddress client) {
        connection.putAttachment(OF_CONNECTION, client);
    }
}
