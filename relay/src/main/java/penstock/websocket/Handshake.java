package penstock.websocket;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The two header values that prove that both ends speak WebSocket. RFC 6455, 4.2.2. Stateless: any thread.
 */
public final class Handshake {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;
    private static final int KEY_CHARACTERS = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Handshake() {
    }

    /** The {@code Sec-WebSocket-Accept} that answers {@code Sec-WebSocket-Key}. */
    public static String accept(final String key) {
        try {
            final MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            return Base64.getEncoder().encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1)));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-1, which every Java must have", e);
        }
    }

    /** A new random {@code Sec-WebSocket-Key}. */
    public static String newKey() {
        final byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    /** True if {@code key} is 16 bytes in padded base64; false for null. */
    public static boolean isValidKey(final String key) {
        if (key == null || key.length() != KEY_CHARACTERS) {
            return false;
        }
        try {
            return Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (final IllegalArgumentException e) {
            return false;
        }
    }
}
