package penstock.server.auth;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The token of the operator, which requests to the operator's listener show if one is configured. Any thread. */
public final class OperatorToken {
    private static final String BEARER = "Bearer ";

    private final byte[] hash;

    /** {@code token} null: none is required. */
    public OperatorToken(final String token) {
        hash = token == null ? null : hash(token);
    }

    /** Compares digests in constant time, which reveals nothing of the token, not even its length. */
    public boolean isShown(final HttpServerExchange exchange) {
        final HeaderValues values = exchange.getRequestHeaders().get(Headers.AUTHORIZATION);
        return hash == null || values != null && values.size() == 1
            && values.getFirst().regionMatches(true, 0, BEARER, 0, BEARER.length())
            && is(values.getFirst().substring(BEARER.length()).trim());
    }

    /** Whether this is the token that is required, by the same comparison. */
    public boolean is(final String shown) {
        return MessageDigest.isEqual(hash, hash(shown));
    }

    private static byte[] hash(final String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }
}
