package penstock.server.edge;

import io.undertow.server.HttpServerExchange;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The name of another relay in the query of a handshake, {@code link=edge-1}: the session is then sent what a relay
 * behind this one needs beside its subscriptions. Stateless.
 */
public final class LinkName {
    private static final String PARAMETER = "link";
    private static final String NAME = "[A-Za-z0-9._:~-]{1,100}";

    private LinkName() {
    }

    /** The name; null if there is none. */
    public static String of(final HttpServerExchange exchange) {
        final Deque<String> names = exchange.getQueryParameters().get(PARAMETER);
        return names == null ? null : names.peekFirst();
    }

    /** The other parameters of a query. */
    public static Map<String, Deque<String>> without(final Map<String, Deque<String>> query) {
        if (!query.containsKey(PARAMETER)) {
            return query;
        }
        final Map<String, Deque<String>> rest = new LinkedHashMap<>(query);
        rest.remove(PARAMETER);
        return rest;
    }

    /** Why the handshake is wrong, with the remedy; null if it is right. */
    public static String problem(final HttpServerExchange exchange, final boolean isBinary) {
        final Deque<String> names = exchange.getQueryParameters().get(PARAMETER);
        if (names == null) {
            return null;
        }
        if (names.size() != 1 || !names.peekFirst().matches(NAME)) {
            return "link must be the name of a relay, once: 1 to 100 of A-Z a-z 0-9 . _ : ~ -";
        }
        return isBinary ? null : "link is for sessions with the subprotocol penstock.v1.bin: offer it first";
    }
}
