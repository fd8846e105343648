package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;
import penstock.wire.RequestException;

/** Sends HTTP responses. Every error has a body that says what is wrong. Stateless. */
final class HttpResponse {
    static final String JSON = "application/json; charset=utf-8";
    static final String TEXT = "text/plain; charset=utf-8";
    private static final HttpString NO_SNIFFING = new HttpString("X-Content-Type-Options");

    private HttpResponse() {
    }

    static void send(final HttpServerExchange exchange, final int status, final String type, final byte[] body,
            final int length) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type).put(NO_SNIFFING, "nosniff");
        if (!exchange.getResponseHeaders().contains(Headers.CACHE_CONTROL)) {
            exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
        }
        new ResponseWriter(exchange, body, length).send();
    }

    static void json(final HttpServerExchange exchange, final int status, final MessageBuffer body) {
        send(exchange, status, JSON, body.bytes(), body.length());
    }

    static void text(final HttpServerExchange exchange, final int status, final String text) {
        final MessageBuffer body = new MessageBuffer(text.length()).put(text);
        send(exchange, status, TEXT, body.bytes(), body.length());
    }

    static void error(final HttpServerExchange exchange, final int status, final String code, final String message) {
        final MessageBuffer body = new MessageBuffer(256);
        body.put("{\"type\":\"error\",\"status\":").put(status).put(",\"code\":").putString(code);
        body.put(",\"message\":").putString(message).put('}');
        json(exchange, status, body);
    }

    static void error(final HttpServerExchange exchange, final RequestException reason) {
        final MessageBuffer body = new MessageBuffer(256);
        MessageEncoder.error(body, reason);
        json(exchange, reason.code().status(), body);
    }
}
