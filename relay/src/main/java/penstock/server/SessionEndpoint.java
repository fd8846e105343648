package penstock.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import penstock.telemetry.Counter;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * A way in to sessions: lets in who asks as it should while there is room. Only GET. Nothing that the client sent is
 * repeated in a refusal. Runs on the io thread that then owns the session, never dispatched.
 */
abstract class SessionEndpoint implements HttpHandler {
    private final SessionAdmission lobby;

    SessionEndpoint(final SessionAdmission lobby) {
        this.lobby = lobby;
    }

    /** Whether the request is one for this entrance; it has been answered if not. */
    abstract boolean isFit(HttpServerExchange exchange);

    /** Lets in, or refuses what is wrong with the query. */
    abstract void admit(HttpServerExchange exchange, IoThreadContext reception);

    @Override
    public final void handleRequest(final HttpServerExchange exchange) {
        final IoThreadContext reception = lobby.reception(exchange);
        if (isFit(exchange) && isRoom(exchange, reception)) {
            admit(exchange, reception);
        }
        if (exchange.getStatusCode() >= 400) {
            reception.count(Counter.SESSIONS_REFUSED);
        }
    }

    private boolean isRoom(final HttpServerExchange exchange, final IoThreadContext reception) {
        if (lobby.isDraining() || reception.shard().isDraining()) {
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, "2");
            return refuse(exchange, ErrorCode.DRAINING.status(), ErrorCode.DRAINING.code(),
                "the relay is about to stop: reconnect in 2 s");
        }
        if (lobby.isFull()) {
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, "5");
            return refuse(exchange, 503, "too_many_sessions",
                "all " + lobby.maxSessions() + " sessions are taken: try again later, or raise server.max-sessions");
        }
        return true;
    }

    /** Refuses what a session of this query would be refused for, where it could not be told later. */
    static void check(final IoThreadContext reception, final Request.Subscribe subscribe) throws RequestException {
        if (reception.shard().topics().channel(subscribe.channel()) == null) {
            throw SnapshotEndpoint.unknownChannel(reception.shard().topics());
        }
        reception.shard().check(subscribe);
    }

    static boolean refuse(final HttpServerExchange exchange, final int status, final String code,
            final String message) {
        close(exchange);
        HttpResponse.error(exchange, status, code, message);
        return false;
    }

    static void refuse(final HttpServerExchange exchange, final RequestException refusal) {
        close(exchange);
        HttpResponse.refusal(exchange, refusal);
    }

    /** Whatever follows a refusal on its connection is not a request. */
    private static void close(final HttpServerExchange exchange) {
        exchange.setPersistent(false);
    }
}
