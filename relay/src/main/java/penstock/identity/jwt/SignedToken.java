package penstock.identity.jwt;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import penstock.identity.TokenException;

/**
 * A token taken apart (RFC 7515, compact form) whose header is checked; nothing of it is trusted before its signature
 * is. Immutable.
 */
final class SignedToken {
    /** Characters of a token. */
    static final int MAX_CHARS = 8_192;

    /** Parameters by which a token would bring its own key or change the rules. */
    private static final List<String> REFUSED = List.of("jku", "x5u", "jwk", "x5c", "crit");
    private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

    private final String text;
    private final int payload;
    private final int signature;
    private final Map<String, Object> header;

    private SignedToken(final String text, final int payload, final int signature) throws TokenException {
        this.text = text;
        this.payload = payload;
        this.signature = signature;
        header = object(text.substring(0, payload - 1), "header");
    }

    /** Takes a token apart and checks its header. */
    static SignedToken of(final String text) throws TokenException {
        checkSize(text);
        final int first = text.indexOf('.');
        final int second = text.indexOf('.', first + 1);
        demand(first > 0 && second > first + 1 && second < text.length() - 1 && text.indexOf('.', second + 1) < 0,
            "the token does not have three parts");
        final SignedToken token = new SignedToken(text, first + 1, second + 1);
        decoded(text.substring(token.signature), "signature");
        for (final String name : REFUSED) {
            demand(!token.header.containsKey(name), "the header has " + name);
        }
        final Object type = token.header.get("typ");
        demand(type == null || type instanceof String name && TYPES.contains(name.toLowerCase(Locale.ROOT)),
            "the header has another typ than JWT");
        demand(token.header.get("alg") instanceof String, "the header has no alg");
        demand(token.header.get("kid") == null || token.header.get("kid") instanceof String,
            "the header has a kid that is no text");
        return token;
    }

    /** Refuses a token that is too long to be looked at. */
    static void checkSize(final String text) throws TokenException {
        demand(text != null && !text.isEmpty(), "the token is empty");
        demand(text.length() <= MAX_CHARS, "the token has more than " + MAX_CHARS + " characters");
    }

    /** What the token calls its algorithm: a claim, to be compared with that of the key. */
    String algorithm() {
        return (String) header.get("alg");
    }

    /** The name of the key; null if it names none. */
    String keyId() {
        return (String) header.get("kid");
    }

    /** True if the key signed header and payload. */
    boolean isSignedBy(final VerificationKey key) {
        return key.verifies(text.substring(0, signature - 1).getBytes(StandardCharsets.US_ASCII),
            new Base64URL(text.substring(signature)));
    }

    /** The claims. Call it after {@link #isSignedBy}. */
    Map<String, Object> claims() throws TokenException {
        return object(text.substring(payload, signature - 1), "payload");
    }

    private static Map<String, Object> object(final String part, final String name) throws TokenException {
        try {
            final Map<String, Object> object =
                JSONObjectUtils.parse(new String(decoded(part, name), StandardCharsets.UTF_8));
            demand(object != null, "the " + name + " is no JSON object");
            return object;
        } catch (final ParseException e) {
            throw TokenException.invalid("the " + name + " is no JSON object");
        }
    }

    private static byte[] decoded(final String part, final String name) throws TokenException {
        try {
            final byte[] bytes = Base64.getUrlDecoder().decode(part);
            // one text for one content: neither padding nor bits that count for nothing
            demand(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part),
                "the " + name + " is not base64url");
            return bytes;
        } catch (final IllegalArgumentException e) {
            throw TokenException.invalid("the " + name + " is not base64url");
        }
    }

    static void demand(final boolean isFine, final String reason) throws TokenException {
        if (!isFine) {
            throw TokenException.invalid(reason);
        }
    }
}
