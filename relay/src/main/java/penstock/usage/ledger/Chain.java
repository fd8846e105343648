package penstock.usage.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The chain of hashes. A line is {@code BODY,"hash":"HASH"}} and a line feed; HASH is the SHA-256, in lower-case hex,
 * of the hash of the line before it (64 characters of ASCII) and BODY. Owned by one thread.
 */
public final class Chain {
    /** What the first line of a ledger follows: 64 zeros. */
    public static final String START = "0".repeat(64);

    static final int HASH_CHARS = 64;
    static final byte[] HASH_MEMBER = ",\"hash\":\"".getBytes(StandardCharsets.US_ASCII);
    static final byte[] LINE_END = "\"}\n".getBytes(StandardCharsets.US_ASCII);

    private final MessageDigest sha256;

    Chain() {
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** True if a text can be the hash of a line. */
    public static boolean isHash(final String text) {
        return text.matches("[0-9a-f]{64}");
    }

    /** The hash of the line whose body are the first {@code length} bytes of {@code body}. */
    String next(final String previous, final byte[] body, final int length) {
        sha256.update(previous.getBytes(StandardCharsets.US_ASCII));
        sha256.update(body, 0, length);
        return HexFormat.of().formatHex(sha256.digest());
    }
}
