package penstock.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.Map;
import penstock.telemetry.ErrorLog;

/**
 * One listener's paths, each with its handler: what is not named here is not there. Only GET and HEAD. Runs on the io
 * threads.
 */
final class HttpRouter implements HttpHandler {
    /** Longer targets hold more than the 5,000 symbols of a session would need in a frame. */
    private static final int MAX_TARGET_CHARS = 8 * 1024;

    private final Map<String, HttpHandler> paths;
    private final ErrorLog errors;

    HttpRouter(final Map<String, HttpHandler> paths, final ErrorLog errors) {
        this.paths = Map.copyOf(paths);
        this.errors = errors;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        try {
            route(exchange);
        } catch (final Exception | Error e) {
            errors.record("an HTTP request could not be served", e);
            if (!exchange.isResponseStarted()) {
                HttpResponse.error(exchange, 500, "internal", "the relay failed; its log says why");
            } else {
                exchange.endExchange();
            }
        }
    }

    private void route(final HttpServerExchange exchange) throws Exception {
        if (exchange.getRequestURI().length() + exchange.getQueryString().length() > MAX_TARGET_CHARS) {
            exchange.setPersistent(false);
            HttpResponse.error(exchange, 414, "target_too_long",
                "a request target is at most " + MAX_TARGET_CHARS
                + " characters: subscribe to many symbols in a message");
            return;
        }
        final HttpHandler handler = paths.get(exchange.getRequestPath());
        final HttpString method = exchange.getRequestMethod();
        if (handler == null) {
            HttpResponse.error(exchange, 404, "not_found", "nothing here");
        } else if (method.equals(Methods.GET) || method.equals(Methods.HEAD) && !(handler instanceof SessionEndpoint)) {
            handler.handleRequest(exchange);
        } else {
            exchange.getResponseHeaders().put(Headers.ALLOW, handler instanceof SessionEndpoint ? "GET" : "GET, HEAD");
            HttpResponse.error(exchange, 405, "method_not_allowed", "only GET here");
        }
    }
}
