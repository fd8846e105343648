package penstock.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.List;

/**
 * Reads private keys: PKCS#8 (RFC 5958), PKCS#1 (RFC 8017) and SEC 1 (RFC 5915). The JDK reads only the first, so the
 * other two are put into its envelope. Stateless.
 */
final class PrivateKeys {
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519", "Ed448");
    /** SEQUENCE { rsaEncryption, NULL }. */
    private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072a8648ce3d0201");
    private static final byte[] VERSION_0 = {2, 1, 0};
    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    /** Of an ECPrivateKey: the curve. */
    private static final int PARAMETERS = 0xa0;

    private PrivateKeys() {
    }

    /**
     * The first private key of {@code file}.
     *
     * @throws IllegalArgumentException with place and remedy
     */
    static PrivateKey read(final String key, final Path file) {
        final PemFile pem = PemFile.read(key, file);
        for (final PemFile.Block block : pem.blocks()) {
            if (block.label().endsWith("PRIVATE KEY")) {
                if (block.isEncrypted()) {
                    throw new IllegalArgumentException(pem.place() + ": the key is encrypted; decrypt it with openssl "
                        + "pkey -in FILE -out FILE, and let only the user of the relay read the file");
                }
                return key(pem.place(), block);
            }
        }
        throw new IllegalArgumentException(pem.place() + ": has no private key, but " + pem.blocks().get(0).label()
            + "; name the file with -----BEGIN PRIVATE KEY-----");
    }

    private static PrivateKey key(final String place, final PemFile.Block block) {
        try {
            final byte[] pkcs8 = switch (block.label()) {
                case "RSA PRIVATE KEY" -> envelope(RSA, block.der());
                case "EC PRIVATE KEY" -> envelope(element(SEQUENCE, EC_PUBLIC_KEY, curve(block.der())), block.der());
                default -> block.der();
            };
            for (final String algorithm : ALGORITHMS) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
                } catch (final InvalidKeySpecException e) {
                    continue;
                }
            }
        } catch (final NoSuchAlgorithmException | RuntimeException e) {
            throw new IllegalArgumentException(place + ": the private key is damaged: " + e.getMessage()
                + "; copy the file again", e);
        }
        throw new IllegalArgumentException(place + ": the block " + block.label() + " is no key of RSA, EC or Ed25519, "
            + "or it is damaged; use one of these");
    }

    private static byte[] envelope(final byte[] algorithm, final byte[] key) {
        return element(SEQUENCE, VERSION_0, algorithm, element(OCTETS, key));
    }

    /** The curve's name: the content of the parameters. */
    private static byte[] curve(final byte[] ecPrivateKey) {
        final ByteBuffer der = ByteBuffer.wrap(ecPrivateKey);
        der.get();
        length(der);
        while (der.hasRemaining()) {
            final int tag = der.get() & 0xff;
            final byte[] content = new byte[length(der)];
            der.get(content);
            if (tag == PARAMETERS) {
                return content;
            }
        }
        throw new IllegalArgumentException("it names no curve");
    }

    private static int length(final ByteBuffer der) {
        final int first = der.get() & 0xff;
        int length = first;
        if (first >= 0x80) {
            length = 0;
            for (int i = 0; i < (first & 3); i++) {
                length = length << 8 | der.get() & 0xff;
            }
        }
        if (length > der.remaining()) {
            throw new IllegalArgumentException("it is cut off");
        }
        return length;
    }

    private static byte[] element(final int tag, final byte[]... contents) {
        int length = 0;
        for (final byte[] content : contents) {
            length += content.length;
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 0x80) {
            out.write(0x82);
            out.write(length >> 8);
        }
        out.write(length);
        for (final byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }
}
