package penstock.replay;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.util.function.BiConsumer;
import org.xnio.StreamConnection;
import penstock.websocket.Handshake;

/**
 * Accepts WebSocket clients on any path and answers other requests with an explanation. Accepts any subprotocol that
 * the client offers, because each venue has its own.
 *
 * <p>Runs on the server's io thread.
 */
final class FeedHandshake implements HttpHandler {
    private static final HttpString KEY = new HttpString("Sec-WebSocket-Key");
    private static final HttpString ACCEPT = new HttpString("Sec-WebSocket-Accept");
    private static final HttpString VERSION = new HttpString("Sec-WebSocket-Version");
    private static final HttpString PROTOCOL = new HttpString("Sec-WebSocket-Protocol");
    private final BiConsumer<StreamConnection, String> onUpgraded;

    /** {@code onUpgraded} receives each connection, with its path and query. */
    FeedHandshake(final BiConsumer<StreamConnection, String> onUpgraded) {
        this.onUpgraded = onUpgraded;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        final String key = exchange.getRequestHeaders().getFirst(KEY);
        final String upgrade = exchange.getRequestHeaders().getFirst(Headers.UPGRADE);
        if (!"websocket".equalsIgnoreCase(upgrade) || !"13".equals(exchange.getRequestHeaders().getFirst(VERSION))
            || key == null || !Handshake.isValidKey(key)) {
            exchange.setStatusCode(StatusCodes.UPGRADE_REQUIRED);
            exchange.getResponseHeaders().put(Headers.UPGRADE, "websocket").put(VERSION, "13");
            exchange.getResponseSender().send("This is a WebSocket feed: connect to ws://" + exchange.getHostAndPort()
                + exchange.getRequestPath() + " with a WebSocket client, version 13.\n");
            return;
        }
        exchange.getResponseHeaders().put(ACCEPT, Handshake.accept(key));
        final String protocols = exchange.getRequestHeaders().getFirst(PROTOCOL);
        if (protocols != null) {
            exchange.getResponseHeaders().put(PROTOCOL, protocols.split(",", 2)[0].trim());
        }
        final String query = exchange.getQueryString();
        final String path = query.isEmpty() ? exchange.getRequestURI() : exchange.getRequestURI() + "?" + query;
        final BiConsumer<StreamConnection, String> target = onUpgraded;
        // the listener must not refer to the exchange, which would then live as long as the connection
        exchange.upgradeChannel("websocket", (connection, ignored) -> target.accept(connection, path));
        exchange.endExchange();
    }
}
