package penstock.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import penstock.identity.Identity;
import penstock.server.auth.ClientAccess;
import penstock.telemetry.Counter;
import penstock.wire.MessageBuffer;

/**
 * {@code POST /v1/ticket}: a one-time ticket for a client that cannot send headers, such as {@code EventSource}.
 *
 * <p>Runs on the io threads.
 */
final class TicketEndpoint implements HttpHandler {
    private final IoThreadContexts contexts;

    TicketEndpoint(final IoThreadContexts contexts) {
        this.contexts = contexts;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        final IoThreadContext context = contexts.of(exchange);
        if (exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING)
                || exchange.getRequestContentLength() > 0) {
            SessionEndpoint.reject(exchange, 400, "bad_request", "a request for a ticket has no body");
            return;
        }
        ClientCheck.identify(exchange, context, (known, identity) -> issue(known, context, identity));
    }

    private static void issue(final HttpServerExchange exchange, final IoThreadContext context,
            final Identity identity) {
        final String ticket = context.access().issueTicket(identity);
        if (ticket == null) {
            HttpResponse.refuse(exchange, 429, "too_many_tickets",
                "too many tickets wait to be used: use yours, or wait until they have expired", ClientAccess.TICKET_MS);
            return;
        }
        context.count(Counter.TICKETS_ISSUED);
        final MessageBuffer body = new MessageBuffer(128);
        body.put("{\"ticket\":").putString(ticket).put(",\"expiresIn\":").put(ClientAccess.TICKET_MS).put('}');
        HttpResponse.json(exchange, 200, body);
    }
}
