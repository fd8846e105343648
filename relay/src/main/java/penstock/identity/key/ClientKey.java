package penstock.identity.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import penstock.text.SecretMask;

/**
 * The form of a key: {@code penstock_} and 256 random bits in base64url. Scanners of sources and logs recognise the
 * prefix, and every header that carries a token allows the characters. Stateless.
 *
 * <p>A file holds the SHA-256 of a key. A slow hash such as bcrypt protects words that a human chose, which can be
 * guessed; nothing can guess 256 random bits, and a slow hash would let strangers keep the relay busy.
 */
public final class ClientKey {
    /** What every key begins with. */
    public static final String PREFIX = "penstock_";

    static final int CHARS = PREFIX.length() + 43;

    private static final int RANDOM_BYTES = 32;
    private static final Pattern ANYWHERE = Pattern.compile(PREFIX + "[A-Za-z0-9_-]+");

    private ClientKey() {
    }

    /** A new key, from the system's randomness. */
    public static String random() {
        final byte[] bits = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bits);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    /** The hash of a key, as a file of keys has it: 64 hexadecimal digits. */
    public static String hash(final String key) {
        return HexFormat.of().formatHex(sha256(key));
    }

    static byte[] sha256(final String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (final NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    /** A text without the keys that it holds. */
    static String masked(final String text) {
        return ANYWHERE.matcher(text).replaceAll(PREFIX + SecretMask.MASK);
    }
}
