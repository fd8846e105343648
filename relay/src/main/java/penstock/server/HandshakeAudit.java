package penstock.server;

import io.undertow.server.HttpServerExchange;
import java.util.Set;
import penstock.audit.Termination;
import penstock.identity.Identity;
import penstock.server.auth.ClientAccess;
import penstock.server.edge.ClientAddress;

/**
 * Reports requests that are refused to the audit log: with the name of the endpoint, never with what the client wrote.
 * Stateless.
 *
 * <p>Runs on the io threads.
 */
final class HandshakeAudit {
    private static final String PREFIX = "/v1/";
    private static final Set<String> ENDPOINTS = Set.of("ws", "raw", "sse", "ticket", "snapshot", "symbols");

    private HandshakeAudit() {
    }

    /** The request is answered with an error, or with a Close frame that stands for it. */
    static void refused(final HttpServerExchange exchange, final int status, final String error) {
        final IoThreadContext context = exchange.getAttachment(IoThreadContext.OF_EXCHANGE);
        if (context == null) {
            return;
        }
        final Identity client = exchange.getAttachment(ClientAccess.IDENTITY);
        context.audit().onRefused(endpoint(exchange.getRequestPath()), principal(client),
            ClientAddress.text(ClientAddress.of(exchange)), Termination.ofAnswer(status, error), status, error);
    }

    /** The client's name; null if there is none. */
    static String principal(final Identity client) {
        return client == null || client == Identity.ANONYMOUS ? null : client.principal().id();
    }

    private static String endpoint(final String path) {
        final String name = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "";
        return ENDPOINTS.contains(name) ? name : null;
    }
}
