package penstock.identity.jwt;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys of a JWKS document that can verify signatures, by their {@code kid}. Immutable, any thread. */
final class KeySet {
    /** Bytes of a document. */
    static final int MAX_BYTES = 256 * 1_024;

    private static final int MAX_KEYS = 100;

    /** A key without {@code kid} has the name null. */
    private final Map<String, VerificationKey> byId = new HashMap<>();
    private final Set<String> credentials = new HashSet<>();
    private final List<String> skipped = new ArrayList<>();

    private KeySet() {
    }

    /**
     * Reads a document. Skips keys that cannot be used.
     *
     * @throws UnusableKeyException if it is no document, or if no key can be used
     */
    static KeySet parse(final byte[] document, final KeyRules rules) throws UnusableKeyException {
        if (document.length > MAX_BYTES) {
            throw new UnusableKeyException("has more than " + MAX_BYTES + " bytes", null);
        }
        final KeySet set = new KeySet();
        final List<?> keys = keys(new String(document, StandardCharsets.UTF_8));
        for (int i = 0; i < keys.size(); i++) {
            try {
                set.add(keys.get(i), rules);
            } catch (final UnusableKeyException e) {
                set.skipped.add("keys[" + i + "]: " + e.getMessage());
            }
        }
        if (set.byId.isEmpty()) {
            throw new UnusableKeyException("has no key that can verify a signature"
                + (set.skipped.isEmpty() ? "" : "; " + String.join("; ", set.skipped)), null);
        }
        return set;
    }

    private static List<?> keys(final String text) throws UnusableKeyException {
        try {
            final Map<String, Object> document = JSONObjectUtils.parse(text);
            if (document != null && document.get("keys") instanceof List<?> keys) {
                if (keys.size() > MAX_KEYS) {
                    throw new UnusableKeyException("has more than " + MAX_KEYS + " keys", null);
                }
                return keys;
            }
        } catch (final ParseException e) {
            throw new UnusableKeyException("is not JSON", null);
        }
        throw new UnusableKeyException("is no JWKS document, which looks like {\"keys\":[…]}", null);
    }

    private void add(final Object json, final KeyRules rules) throws UnusableKeyException {
        final VerificationKey key = VerificationKey.of(parsed(json), rules);
        if (key != null) {
            if (byId.putIfAbsent(key.id(), key) != null) {
                throw new UnusableKeyException("an earlier key has the same kid", null);
            }
            credentials.add(key.credential());
        }
    }

    private static JWK parsed(final Object json) throws UnusableKeyException {
        if (json instanceof Map<?, ?> object) {
            final Map<String, Object> members = new HashMap<>();
            object.forEach((name, value) -> members.put(String.valueOf(name), value));
            try {
                return JWK.parse(members);
            } catch (final ParseException | RuntimeException e) {
                throw new UnusableKeyException("it is no JWK of a type that is known", null);
            }
        }
        throw new UnusableKeyException("it is no object", null);
    }

    /** The key of that name; of a token that names none: the only key; null if there is none. */
    VerificationKey find(final String id) {
        return id == null && byId.size() == 1 ? byId.values().iterator().next() : byId.get(id);
    }

    /** Whether a principal's token could have been verified with one of these keys. */
    boolean hasCredential(final String credential) {
        return credentials.contains(credential);
    }

    /** Keys that are not used, with the reason. */
    List<String> skipped() {
        return skipped;
    }

    /** True if both have the same keys. */
    boolean isSame(final KeySet other) {
        return other != null && credentials.equals(other.credentials);
    }

    @Override
    public String toString() {
        return byId.size() + " keys";
    }
}
