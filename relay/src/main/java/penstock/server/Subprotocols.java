package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.HttpString;
import java.util.List;
import java.util.stream.Stream;

/**
 * The subprotocols that a client offers (RFC 6455, 4.1). A token that travels as a subprotocol is never answered.
 * Stateless.
 */
final class Subprotocols {
    static final HttpString HEADER = new HttpString("Sec-WebSocket-Protocol");
    private static final String TOKEN_PREFIX = "bearer.";
    /** RFC 9110, 5.6.2. */
    private static final String NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}";

    private Subprotocols() {
    }

    /** Whether the client offers any. */
    static boolean areOffered(final HttpServerExchange exchange) {
        return exchange.getRequestHeaders().contains(HEADER);
    }

    /** The first of the client's offers that is among {@code names}, or null; names are case-sensitive. */
    static String firstOffered(final HttpServerExchange exchange, final List<String> names) {
        return offers(exchange).filter(names::contains).findFirst().orElse(null);
    }

    /** Answers the first offer: a browser closes the connection itself if none of its offers is answered. */
    static void answerAny(final HttpServerExchange exchange) {
        offers(exchange).filter(offer -> offer.matches(NAME) && !offer.startsWith(TOKEN_PREFIX)).findFirst()
            .ifPresent(offer -> exchange.getResponseHeaders().put(HEADER, offer));
    }

    private static Stream<String> offers(final HttpServerExchange exchange) {
        final HeaderValues values = exchange.getRequestHeaders().get(HEADER);
        return values == null ? Stream.of()
            : values.stream().flatMap(value -> Stream.of(value.split(","))).map(String::trim);
    }
}
