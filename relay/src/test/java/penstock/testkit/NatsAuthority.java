package penstock.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;

/**
 * An operator of servers of NATS with one account, as {@code nsc} makes them: its users log in with files of
 * credentials. Its keys live as long as the test. One thread.
 */
public final class NatsAuthority {
    private static final int OPERATOR = 14 << 3;
    private static final int ACCOUNT = 0;
    private static final int USER = 20 << 3;
    private static final int SEED = 18 << 3;
    private static final int KEY_BYTES = 32;
    private static final int CRC_POLYNOMIAL = 0x1021;
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private final Key operator = new Key(OPERATOR);
    private final Key account = new Key(ACCOUNT);

    /** A pair of Ed25519 keys, with the name that it has there. */
    private static final class Key {
        private final KeyPair pair;
        private final int kind;
        private final String name;

        Key(final int kind) {
            this.kind = kind;
            try {
                pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            } catch (final GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
            // the last bytes of its encoding are the key
            final byte[] encoded = pair.getPublic().getEncoded();
            name = base32(new byte[] {(byte) kind},
                Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length));
        }

        String seed() {
            return base32(new byte[] {(byte) (SEED | kind >> 5), (byte) (kind << 3)},
                ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow());
        }

        /** A token about another key, signed by this one. */
        String sign(final Key about, final String claims) {
            final String text = base64("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}") + '.'
                + base64("{\"jti\":\"" + about.name + "\",\"iat\":1700000000,\"iss\":\"" + name + "\",\"sub\":\""
                + about.name + "\",\"name\":\"test\",\"nats\":{\"version\":2," + claims + "}}");
            try {
                final Signature signature = Signature.getInstance("Ed25519");
                signature.initSign(pair.getPrivate());
                signature.update(text.getBytes(StandardCharsets.US_ASCII));
                return text + '.' + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
            } catch (final GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** For the configuration of a server: it lets in the users of this account. */
    public String settings() {
        return "operator: \"" + operator.sign(operator, "\"type\":\"operator\"") + "\"\nresolver: MEMORY\n"
            + "resolver_preload: { " + account.name + ": \"" + operator.sign(account, "\"type\":\"account\",\"limits\":"
            + "{\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,\"wildcards\":true,\"conn\":-1,"
            + "\"leaf\":-1}") + "\" }\n";
    }

    /** Writes a file of credentials of a new user, who may do everything. */
    public Path write(final Path file) throws IOException {
        final Key user = new Key(USER);
        return Files.writeString(file, "-----BEGIN NATS USER JWT-----\n" + account.sign(user, "\"type\":\"user\","
            + "\"subs\":-1,\"data\":-1,\"payload\":-1,\"pub\":{},\"sub\":{}")
            + "\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n" + user.seed()
            + "\n------END USER NKEY SEED------\n");
    }

    private static String base64(final String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** With the checksum behind. */
    private static String base32(final byte[] prefix, final byte[] key) {
        final ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(prefix);
        all.writeBytes(key);
        final int crc = crc(all.toByteArray());
        all.write(crc);
        all.write(crc >> Byte.SIZE);
        final int letters = (all.size() * Byte.SIZE + 4) / 5;
        final BigInteger bits = new BigInteger(1, all.toByteArray()).shiftLeft(5 * letters - Byte.SIZE * all.size());
        final StringBuilder text = new StringBuilder();
        for (int i = letters - 1; i >= 0; i--) {
            text.append(BASE32.charAt(bits.shiftRight(5 * i).intValue() & 31));
        }
        return text.toString();
    }

    /** CRC-16 of XMODEM. */
    private static int crc(final byte[] bytes) {
        int crc = 0;
        for (final byte each : bytes) {
            crc ^= (each & 0xff) << Byte.SIZE;
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ CRC_POLYNOMIAL;
            }
            crc &= 0xffff;
        }
        return crc;
    }
}
