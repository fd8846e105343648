package penstock.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.nio.charset.StandardCharsets;
import penstock.telemetry.Telemetry;

/**
 * {@code /metrics} in Prometheus text.
 *
 * <p>Runs on the io threads.
 */
final class MetricsEndpoint implements HttpHandler {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Telemetry telemetry;

    MetricsEndpoint(final Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        final StringBuilder text = new StringBuilder(16 * 1024);
        telemetry.writeTo(text);
        final byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
        HttpResponse.send(exchange, 200, PROMETHEUS, body, body.length);
    }
}
