package penstock.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import penstock.telemetry.Telemetry;

/**
 * {@code /metrics} in Prometheus text. Requires the operator's token if one is configured.
 *
 * <p>Runs on the io threads.
 */
final class MetricsEndpoint implements HttpHandler {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final String BEARER = "Bearer ";

    private final Telemetry telemetry;
    private final byte[] tokenHash;

    /** {@code token} null: no token is required. */
    MetricsEndpoint(final Telemetry telemetry, final String token) {
        this.telemetry = telemetry;
        tokenHash = token == null ? null : hash(token);
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        if (!isAllowed(exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION))) {
            exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
            HttpResponse.error(exchange, 401, "auth_required",
                "send the header Authorization: Bearer with the value of admin.token");
            return;
        }
        final StringBuilder text = new StringBuilder(16 * 1024);
        telemetry.writeTo(text);
        final byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
        HttpResponse.send(exchange, 200, PROMETHEUS, body, body.length);
    }

    /** Compares digests in constant time, which reveals nothing of the token, not even its length. */
    private boolean isAllowed(final String authorization) {
        if (tokenHash == null) {
            return true;
        }
        return authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
            && MessageDigest.isEqual(tokenHash, hash(authorization.substring(BEARER.length()).trim()));
    }

    private static byte[] hash(final String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }
}
