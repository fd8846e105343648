package penstock.identity.jwt;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import penstock.identity.Principal;

/**
 * Tokens whose signature and claims were right, by their SHA-256, with the principals that they stand for: thousands of
 * clients that connect again at a time need no second check of a signature, which takes up to 2 ms. Keeps no token. Any
 * thread, under one lock.
 */
final class VerifiedTokens {
    /** The oldest are forgotten first. */
    static final int MAX_KEPT = 10_000;

    private final Map<String, Principal> byHash = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, Principal> eldest) {
            return size() > MAX_KEPT;
        }
    };

    /** The principal of a token that was verified before, with the key that its credential names; null if none was. */
    Principal find(final String token) {
        final String hash = hash(token);
        synchronized (this) {
            return byHash.get(hash);
        }
    }

    /** Keeps what a token stands for. */
    void add(final String token, final Principal principal) {
        final String hash = hash(token);
        synchronized (this) {
            byHash.put(hash, principal);
        }
    }

    synchronized int size() {
        return byHash.size();
    }

    private static String hash(final String token) {
        try {
            final byte[] hash = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (final NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
