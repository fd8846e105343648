package penstock.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import penstock.telemetry.MetricsPage;

/**
 * {@code /metrics} in a format of Prometheus.
 *
 * <p>Requests come and answers go on the io threads. A worker writes the page: the first one loads a library, and all
 * ask the Java machine for its threads and the system for files, which takes an io thread more than its slice.
 */
final class MetricsEndpoint implements HttpHandler {
    private final MetricsPage page;

    MetricsEndpoint(final MetricsPage page) {
        this.page = page;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        final String accept = exchange.getRequestHeaders().getFirst(Headers.ACCEPT);
        exchange.dispatch(exchange.getConnection().getWorker(), inWorker -> {
            final MetricsPage.Body body = page.write(accept);
            inWorker.dispatch(inWorker.getIoThread(),
                back -> HttpResponse.send(back, 200, body.type(), body.bytes(), body.bytes().length));
        });
    }
}
