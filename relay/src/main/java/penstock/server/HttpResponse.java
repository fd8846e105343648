package penstock.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.util.Iterator;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;
import penstock.wire.RequestException;

/** Sends HTTP responses. Every error has a body that says what is wrong. Stateless. */
public final class HttpResponse {
    private static final int MISDIRECTED = 421;
    /** The content type of JSON. */
    public static final String JSON = "application/json; charset=utf-8";
    static final String TEXT = "text/plain; charset=utf-8";
    private static final HttpString NO_SNIFFING = new HttpString("X-Content-Type-Options");

    private HttpResponse() {
    }

    static void send(final HttpServerExchange exchange, final int status, final String type, final byte[] body,
            final int length) {
        begin(exchange, status, type, length);
        new ResponseWriter(exchange, ResponseWriter.pieces(body, length), length, length).send();
    }

    /** Sends a body of {@code length} bytes that others account for; pieces have at most 64 KiB. */
    public static void sendShared(final HttpServerExchange exchange, final String type, final long length,
            final Iterator<ByteBuffer> pieces) {
        begin(exchange, 200, type, length);
        new ResponseWriter(exchange, pieces, length, 0).send();
    }

    private static void begin(final HttpServerExchange exchange, final int status, final String type,
            final long length) {
        exchange.setStatusCode(status);
        if (status == MISDIRECTED) {
            // Undertow does not know its reason phrase (RFC 9110, 15.5.20)
            exchange.setReasonPhrase("Misdirected Request");
        }
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type).put(NO_SNIFFING, "nosniff");
        if (!exchange.getResponseHeaders().contains(Headers.CACHE_CONTROL)) {
            exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
        }
        exchange.setResponseContentLength(length);
    }

    /** Sends JSON. */
    public static void json(final HttpServerExchange exchange, final int status, final MessageBuffer body) {
        send(exchange, status, JSON, body.bytes(), body.length());
    }

    static void text(final HttpServerExchange exchange, final int status, final String text) {
        final MessageBuffer body = new MessageBuffer(text.length()).put(text);
        send(exchange, status, TEXT, body.bytes(), body.length());
    }

    /** Sends an error with {@code Retry-After}, in whole seconds. */
    public static void refuse(final HttpServerExchange exchange, final int status, final String code,
            final String message, final long retryAfterMs) {
        exchange.getResponseHeaders().put(Headers.RETRY_AFTER, (retryAfterMs + 999) / 1_000);
        error(exchange, status, code, message);
    }

    /** Sends an error. */
    public static void error(final HttpServerExchange exchange, final int status, final String code,
            final String message) {
        final MessageBuffer body = new MessageBuffer(256);
        body.put("{\"type\":\"error\",\"status\":").put(status).put(",\"code\":").putString(code);
        body.put(",\"message\":").putString(message).put('}');
        json(exchange, status, body);
    }

    /** Sends {@code reason}, in the form of the protocol's errors. */
    public static void error(final HttpServerExchange exchange, final RequestException reason) {
        final MessageBuffer body = new MessageBuffer(256);
        MessageEncoder.error(body, reason);
        if (reason.retryAfterMs() > 0) {
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, (reason.retryAfterMs() + 999) / 1_000);
        }
        json(exchange, reason.code().status(), body);
    }
}
