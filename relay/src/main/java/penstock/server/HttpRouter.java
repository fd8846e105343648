package penstock.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import penstock.server.edge.AllowedOrigins;
import penstock.server.edge.EdgeRules;
import penstock.server.edge.Refusal;
import penstock.telemetry.Counter;
import penstock.telemetry.ErrorLog;

/**
 * Passes each request of one listener to the handler of its path. Any other path is 404.
 *
 * <p>Runs on the io threads.
 */
final class HttpRouter implements HttpHandler {
    /** A longer list of symbols belongs in a subscribe message, where a session may name 5,000. */
    private static final int MAX_TARGET_CHARS = 8 * 1024;

    private static final Set<String> HEALTH = Set.of("/healthz", "/readyz");
    private static final long RETRY_AFTER_MS = 5_000;

    /**
     * What serves a path.
     *
     * @param methods those that it takes
     */
    record Route(HttpHandler handler, List<HttpString> methods) {
        /** For reading. */
        static Route get(final HttpHandler handler) {
            return new Route(handler, handler instanceof SessionEndpoint ? List.of(Methods.GET)
                : List.of(Methods.GET, Methods.HEAD));
        }

        /** For a change. */
        static Route post(final HttpHandler handler) {
            return new Route(handler, List.of(Methods.POST));
        }
    }

    private final Map<String, Route> paths;
    private final IoThreadContexts contexts;
    private volatile EdgeRules rules;
    private final boolean isGated;
    private final ErrorLog errors;

    /**
     * {@code rules}: who may send requests. {@code isGated}: requests are refused while too many connections are open,
     * except those for the health.
     */
    HttpRouter(final Map<String, Route> paths, final IoThreadContexts contexts,
            final EdgeRules rules, final boolean isGated, final ErrorLog errors) {
        this.rules = rules;
        this.isGated = isGated;
        this.paths = Map.copyOf(paths);
        this.contexts = contexts;
        this.errors = errors;
    }

    /** Other rules from the next request on. Any thread. */
    void follow(final EdgeRules changed) {
        rules = changed;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        final IoThreadContext context = contexts.of(exchange);
        if (context.hasHeldLong()) {
            exchange.dispatch(context::later, later -> serve(later, context));
        } else {
            serve(exchange, context);
        }
    }

    private void serve(final HttpServerExchange exchange, final IoThreadContext context) {
        exchange.putAttachment(IoThreadContext.OF_EXCHANGE, context);
        context.onTask();
        try {
            if (isGated && !context.gate().admit(exchange) && !HEALTH.contains(exchange.getRequestURI())) {
                context.count(Counter.CONNECTIONS_REFUSED);
                SessionEndpoint.reject(exchange, 503, "too_many_connections",
                    "too many connections are open: try again later", RETRY_AFTER_MS);
                return;
            }
            final Refusal refusal = rules.check(exchange);
            if (refusal == null) {
                route(exchange);
            } else {
                refuse(exchange, refusal);
            }
        } catch (final Exception | Error e) {
            errors.record("an HTTP request failed", e);
            HandshakeAudit.refused(exchange, 500, "internal");
            if (!exchange.isResponseStarted()) {
                HttpResponse.error(exchange, 500, "internal", "the relay failed; see its log");
            } else {
                exchange.endExchange();
            }
        } finally {
            context.onTaskEnd();
        }
    }

    /** A page sees why its WebSocket is refused; one that takes the relay for a server of its own is no such page. */
    private void refuse(final HttpServerExchange exchange, final Refusal refusal) {
        if (isGated && refusal.isOfPage()) {
            SessionEndpoint.reject(exchange, refusal.status(), refusal.code(), refusal.message(), 0);
        } else {
            exchange.setPersistent(false);
            HandshakeAudit.refused(exchange, refusal.status(), refusal.code());
            HttpResponse.error(exchange, refusal.status(), refusal.code(), refusal.message());
        }
    }

    private void route(final HttpServerExchange exchange) throws Exception {
        if (exchange.getRequestURI().length() + exchange.getQueryString().length() > MAX_TARGET_CHARS) {
            exchange.setPersistent(false);
            HandshakeAudit.refused(exchange, 414, "target_too_long");
            HttpResponse.error(exchange, 414, "target_too_long",
                "a request target may have at most " + MAX_TARGET_CHARS
                + " characters: to subscribe to many symbols, send a message");
            return;
        }
        if (isGated && AllowedOrigins.answerPreflight(exchange)) {
            return;
        }
        final Route route = find(exchange);
        if (route == null) {
            HttpResponse.error(exchange, 404, "not_found", "no such path");
        } else if (route.methods().contains(exchange.getRequestMethod())) {
            route.handler().handleRequest(exchange);
        } else {
            final String allowed = route.methods().stream().map(HttpString::toString).collect(Collectors.joining(", "));
            exchange.getResponseHeaders().put(Headers.ALLOW, allowed);
            HttpResponse.error(exchange, 405, "method_not_allowed", "the path takes " + allowed);
        }
    }

    /**
     * Undertow drops path parameters: a path with one, as in {@code /v1/snapshot;x=1}, is another path. A route that
     * ends with a slash has the paths one step below; that of the page at {@code /} has none.
     */
    private Route find(final HttpServerExchange exchange) {
        if (exchange.getRequestURI().indexOf(';') >= 0) {
            return null;
        }
        final String path = exchange.getRequestPath();
        final Route route = paths.get(path);
        final int step = path.lastIndexOf('/') + 1;
        return route != null || step <= 1 || step == path.length() ? route : paths.get(path.substring(0, step));
    }
}
