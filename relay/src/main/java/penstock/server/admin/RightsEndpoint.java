package penstock.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import penstock.identity.Principal;
import penstock.identity.rights.Rights;
import penstock.server.HttpResponse;
import penstock.wire.MessageBuffer;

/**
 * {@code POST /admin/v1/rights/refresh}: asks for the rights of a client again, or of all, because they have changed.
 * Answers at once; the open sessions learn of the change when the service has answered.
 *
 * <p>Runs on the io threads.
 */
public final class RightsEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/rights/refresh";

    private static final String PRINCIPAL = "principal";

    private final Rights rights;

    /** Passes the requests on to {@code rights}. */
    public RightsEndpoint(final Rights rights) {
        this.rights = rights;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        final Map<String, Deque<String>> query = exchange.getQueryParameters();
        final Deque<String> ids = query.getOrDefault(PRINCIPAL, new ArrayDeque<>());
        if (exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING)
                || exchange.getRequestContentLength() > 0) {
            exchange.setPersistent(false);
            HttpResponse.error(exchange, 400, "bad_request", "the request has no body: the parameter principal names "
                + "the client, and without it all are meant");
        } else if (query.size() > ids.size() || ids.size() > 1
                || ids.size() == 1 && Principal.problemOfId(ids.getFirst()) != null) {
            HttpResponse.error(exchange, 400, "bad_request", "there is one parameter, principal, with the name of a "
                + "client; without it all are meant");
        } else {
            final MessageBuffer body = new MessageBuffer(64);
            body.put("{\"asked\":").put(rights.refresh(ids.peekFirst())).put('}');
            HttpResponse.json(exchange, 202, body);
        }
    }
}
