package penstock.server.sse;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import penstock.server.IoThreadContext;
import penstock.server.IoThreadContexts;
import penstock.server.SessionEndpoint;
import penstock.server.UpgradeListener;
import penstock.server.edge.ClientAddress;
import penstock.wire.Mode;
import penstock.wire.RequestException;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;

/**
 * {@code /v1/sse}: a stream of server-sent events. The query is the session's only request, so an error in it is sent
 * as an HTTP response before the stream starts. The stream has no length and ends with its connection.
 *
 * <p>Runs on the io threads.
 */
public final class SseEndpoint extends SessionEndpoint {
    private static final HttpString NO_SNIFFING = new HttpString("X-Content-Type-Options");
    private static final HttpString NO_BUFFERING = new HttpString("X-Accel-Buffering");

    /** {@code contexts} of the server's io threads. */
    public SseEndpoint(final IoThreadContexts contexts) {
        super(contexts);
    }

    @Override
    protected boolean isValid(final HttpServerExchange exchange) {
        return !exchange.getRequestHeaders().contains(Headers.TRANSFER_ENCODING)
            && exchange.getRequestContentLength() <= 0
            || reject(exchange, 400, "bad_request", "a request for a stream has no body");
    }

    @Override
    protected void upgrade(final HttpServerExchange exchange, final IoThreadContext context) {
        final Map<String, Deque<String>> query = new LinkedHashMap<>(exchange.getQueryParameters());
        final UpgradeListener upgrade = new UpgradeListener(context, ClientAddress.of(exchange),
            new EventStream(), SseSocket::new);
        try {
            final Resume last = LastEventId.take(exchange, query);
            final Request.Subscribe subscribe = context.decoder().fromQuery(query).resuming(last);
            // with position 0 the images have not come
            final boolean isComplete = last != null && last.p() > 0 && subscribe.options().mode() == Mode.ONCE;
            upgrade.subscribe(subscribe);
            check(exchange, context, subscribe, () -> open(exchange, upgrade, isComplete));
        } catch (final RequestException e) {
            reject(exchange, e);
        }
    }

    private static void open(final HttpServerExchange exchange, final UpgradeListener upgrade,
            final boolean isComplete) {
        if (isComplete) {
            // 204 stops EventSource from reconnecting: a stream of mode once is complete
            exchange.setStatusCode(204).endExchange();
            return;
        }
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/event-stream; charset=utf-8")
            .put(Headers.CACHE_CONTROL, "no-store").put(NO_SNIFFING, "nosniff").put(NO_BUFFERING, "no");
        takeOver(exchange, upgrade);
    }

    /**
     * Undertow hands a connection over after a 101, or after the 200 that opens a tunnel. This uses the tunnel: bytes
     * without framing until one side closes, which is what HTTP/1.0 and {@code Connection: close} mean. The exchange
     * ends here and nothing keeps it.
     */
    private static void takeOver(final HttpServerExchange exchange, final UpgradeListener upgrade) {
        final HeaderMap headers = exchange.getResponseHeaders();
        exchange.setRequestMethod(Methods.CONNECT);
        exchange.acceptConnectRequest(upgrade);
        exchange.setPersistent(true);
        // a length of 0 lets Undertow end its part without a byte; the client must not see it
        headers.put(Headers.CONTENT_LENGTH, "0");
        exchange.addResponseWrapper((factory, wrapped) -> {
            final var conduit = factory.create();
            headers.remove(Headers.CONTENT_LENGTH);
            headers.put(Headers.CONNECTION, "close");
            return conduit;
        });
        exchange.endExchange();
    }
}
