package penstock.server.auth;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import penstock.identity.AccessControl;
import penstock.wire.RequestException;

/**
 * What a request shows of its client: a token in the header {@code Authorization} (RFC 6750, 2.1), a token as a
 * subprotocol of WebSocket, which pages can send, or a ticket in the query. Exactly one of them, or nothing. Immutable.
 *
 * @param token  null without one
 * @param ticket null without one
 */
record Credentials(String token, String ticket) {
    static final String TICKET = "ticket";

    private static final String SCHEME = "Bearer ";
    private static final String SUBPROTOCOL = "bearer.";
    private static final HttpString SUBPROTOCOLS = new HttpString("Sec-WebSocket-Protocol");

    /**
     * Reads them, and takes the ticket out of the query.
     *
     * @throws RequestException if there are several
     */
    static Credentials take(final HttpServerExchange exchange, final boolean takesTicket) throws RequestException {
        final List<String> tokens = new ArrayList<>();
        for (final String value : values(exchange.getRequestHeaders().get(Headers.AUTHORIZATION))) {
            if (value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
                tokens.add(value.substring(SCHEME.length()).trim());
            }
        }
        for (final String value : values(exchange.getRequestHeaders().get(SUBPROTOCOLS))) {
            for (final String offer : value.split(",")) {
                if (offer.trim().startsWith(SUBPROTOCOL)) {
                    tokens.add(offer.trim().substring(SUBPROTOCOL.length()));
                }
            }
        }
        final Map<String, Deque<String>> query = exchange.getQueryParameters();
        final Collection<String> tickets = values(takesTicket ? query.remove(TICKET) : null);
        if (tokens.size() + tickets.size() > 1) {
            throw AccessControl.invalid(null);
        }
        return new Credentials(tokens.isEmpty() ? null : tokens.get(0),
            tickets.isEmpty() ? null : tickets.iterator().next());
    }

    private static Collection<String> values(final Collection<String> values) {
        return values == null ? List.of() : values;
    }

    /** Never shows them. */
    @Override
    public String toString() {
        return token != null ? "a token" : ticket != null ? "a ticket" : "nothing";
    }
}
