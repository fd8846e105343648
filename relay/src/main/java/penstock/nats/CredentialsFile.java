package penstock.nats;

import io.nats.client.AuthHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of credentials as the tools of NATS write it: a token, and the seed of the Ed25519 key that it names. It is
 * read at each login. Any thread.
 */
final class CredentialsFile implements AuthHandler {
    private static final Pattern PART = Pattern.compile("-+BEGIN [A-Z ]+-+\\s+([A-Za-z0-9_.=-]+)\\s+-+END");
    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    /** Of a seed: two bytes that say what it is of, the seed, and a checksum. */
    private static final int PREFIX_BYTES = 2;
    private static final int SEED_BYTES = 32;

    private final Path file;

    /** The file is read when it is needed. */
    CredentialsFile(final Path file) {
        this.file = file;
    }

    /** Checks that the file can be used now. */
    void check() throws IOException {
        part(0);
        seed(part(1));
    }

    @Override
    public byte[] sign(final byte[] nonce) {
        try {
            final PrivateKey key = KeyFactory.getInstance("Ed25519")
                .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed(part(1))));
            final Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(nonce);
            return signature.sign();
        } catch (final GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** The token names the key. */
    @Override
    public char[] getID() {
        return new char[0];
    }

    @Override
    public char[] getJWT() {
        try {
            return part(0).toCharArray();
        } catch (final IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private String part(final int number) throws IOException {
        final Matcher parts = PART.matcher(SecretFile.text(file));
        for (int i = 0; i <= number; i++) {
            if (!parts.find()) {
                throw new IOException("the file " + file + " must have a token and a seed, as nsc and nats write it");
            }
        }
        return parts.group(1);
    }

    private byte[] seed(final String text) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int bits = 0;
        int count = 0;
        for (final char c : text.toCharArray()) {
            final int value = BASE32.indexOf(c);
            if (value < 0) {
                throw new IOException("the seed in the file " + file + " is not in base 32");
            }
            bits = bits << 5 | value;
            count += 5;
            if (count >= Byte.SIZE) {
                count -= Byte.SIZE;
                bytes.write(bits >> count);
                bits &= (1 << count) - 1;
            }
        }
        if (bytes.size() < PREFIX_BYTES + SEED_BYTES) {
            throw new IOException("the seed in the file " + file + " is too short");
        }
        return Arrays.copyOfRange(bytes.toByteArray(), PREFIX_BYTES, PREFIX_BYTES + SEED_BYTES);
    }
}
