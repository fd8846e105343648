package penstock.client.socket;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import penstock.client.value.CharRanges;
import penstock.client.value.JsonCursor;

/** How long a token is valid, by its own account: {@code exp} of a JWT (RFC 7519, section 4.1.4). Stateless. */
public final class TokenLife {
    /** A key, and a token that gives no time. */
    public static final long FOR_EVER = Long.MAX_VALUE;

    private TokenLife() {
    }

    /** When the next token is to be asked for: after three quarters of the life. */
    public static long refreshMs(final String token, final long nowMs) {
        final long expiryMs = expiryMs(token);
        return expiryMs == FOR_EVER || expiryMs == nowMs ? FOR_EVER : nowMs + (expiryMs - nowMs) / 4 * 3;
    }

    private static long expiryMs(final String token) {
        final String[] parts = token.split("\\.");
        if (parts.length < 2) {
            return FOR_EVER;
        }
        try {
            final byte[] decoded = Base64.getUrlDecoder().decode(parts[1]);
            final char[] claims = new String(decoded, StandardCharsets.UTF_8).toCharArray();
            final JsonCursor cursor = new JsonCursor();
            cursor.enterObject(claims, 0, claims.length);
            while (cursor.nextMember()) {
                if (cursor.isNamed("exp")) {
                    return Math.multiplyExact(1000, CharRanges.whole(claims, cursor.from(), cursor.to()));
                }
            }
            return FOR_EVER;
        } catch (final IllegalArgumentException | ArithmeticException notAJwt) {
            return FOR_EVER;
        }
    }
}
