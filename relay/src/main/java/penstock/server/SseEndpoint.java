package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import penstock.fanout.subscription.SessionKind;
import penstock.wire.Mode;
import penstock.wire.RequestException;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;

/**
 * The way in to a stream of server-sent events: the query is the session's only request, so what is wrong with it is
 * told as HTTP, before the stream begins. The stream has no length and ends with its connection.
 */
final class SseEndpoint extends SessionEndpoint {
    private static final HttpString NO_BUFFERING = new HttpString("X-Accel-Buffering");

    SseEndpoint(final SessionAdmission lobby) {
        super(lobby);
    }

    @Override
    boolean isFit(final HttpServerExchange exchange) {
        final HeaderMap headers = exchange.getRequestHeaders();
        if (headers.contains(Headers.TRANSFER_ENCODING) || exchange.getRequestContentLength() > 0) {
            return refuse(exchange, 400, "bad_request", "a request for a stream has no body");
        }
        return true;
    }

    @Override
    void admit(final HttpServerExchange exchange, final IoThreadContext reception) {
        final Map<String, Deque<String>> query = new LinkedHashMap<>(exchange.getQueryParameters());
        final UpgradeListener upgrade = new UpgradeListener(reception, SessionKind.EVENTS);
        try {
            final Resume last = LastEventId.take(exchange, query);
            final Request.Subscribe subscribe = reception.decoder().fromQuery(query).resuming(last);
            check(reception, subscribe);
            if (last != null && subscribe.options().mode() == Mode.ONCE) {
                // it has had them; browsers come back whenever a stream ends, unless they are told this
                exchange.setStatusCode(204).endExchange();
                return;
            }
            upgrade.subscribe(subscribe);
        } catch (final RequestException e) {
            refuse(exchange, e);
            return;
        }
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/event-stream; charset=utf-8")
            .put(Headers.CACHE_CONTROL, "no-store")
            .put(HttpResponse.NO_SNIFFING, "nosniff").put(NO_BUFFERING, "no");
        takeOver(exchange, upgrade);
    }

    /**
     * Undertow hands a connection over behind a 101, or behind the 200 that opens a tunnel. This is the latter: bytes
     * without framing until one side closes, as HTTP/1.0 and {@code Connection: close} mean it. The exchange is over
     * then, and kept by nobody.
     */
    private static void takeOver(final HttpServerExchange exchange, final UpgradeListener upgrade) {
        final HeaderMap answer = exchange.getResponseHeaders();
        exchange.setRequestMethod(Methods.CONNECT);
        exchange.acceptConnectRequest(upgrade);
        exchange.setPersistent(true);
        // a length of 0 is what lets Undertow end its part without a byte; the client must not see it
        answer.put(Headers.CONTENT_LENGTH, "0");
        exchange.addResponseWrapper((factory, wrapped) -> {
            final var conduit = factory.create();
            answer.remove(Headers.CONTENT_LENGTH);
            answer.put(Headers.CONNECTION, "close");
            return conduit;
        });
        exchange.endExchange();
    }
}
