package penstock.nats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsFileTest {
    private static final int SEED_BYTES = 32;

    @TempDir
    private Path folder;

    @Test
    void shouldSignWithTheKeyOfTheSeed() throws Exception {
        final byte[] seed = new byte[SEED_BYTES];
        new SecureRandom().nextBytes(seed);
        final CredentialsFile file = new CredentialsFile(write("eyJ0.eyJq.c2ln", text(seed)));

        file.check();

        final byte[] nonce = "a nonce".getBytes(StandardCharsets.US_ASCII);
        final Signature check = Signature.getInstance("Ed25519");
        check.initVerify(pair(seed).getPublic());
        check.update(nonce);
        assertThat(check.verify(file.sign(nonce))).isTrue();
        assertThat(new String(file.getJWT())).isEqualTo("eyJ0.eyJq.c2ln");
    }

    @Test
    void shouldSayWhatIsWrongWithTheFile() throws IOException {
        assertThatThrownBy(() -> new CredentialsFile(folder.resolve("none")).check())
            .hasMessageContaining("there is no file");
        final Path empty = Files.writeString(folder.resolve("empty"), "nothing");
        assertThatThrownBy(() -> new CredentialsFile(empty).check())
            .hasMessageContaining("must have a token and a seed, as nsc and nats write it");
        final Path small = write("eyJ0.eyJq.c2ln", "SUAB");
        assertThatThrownBy(() -> new CredentialsFile(small).check()).hasMessageContaining("is too short");
        final Path wrong = write("eyJ0.eyJq.c2ln", "SUA1");
        assertThatThrownBy(() -> new CredentialsFile(wrong).check()).hasMessageContaining("is not in base 32");
    }

    private Path write(final String token, final String seed) throws IOException {
        return Files.writeString(folder.resolve("user.creds"), "-----BEGIN NATS USER JWT-----\n" + token
            + "\n------END NATS USER JWT------\n\n*** IMPORTANT ***\n\n-----BEGIN USER NKEY SEED-----\n" + seed
            + "\n------END USER NKEY SEED------\n");
    }

    /** Two bytes in front, two of a checksum behind, in base 32: 58 characters, as the tools write it. */
    private static String text(final byte[] seed) {
        BigInteger bits = BigInteger.valueOf(18 << 11 | 20 << 3);
        for (final byte each : seed) {
            bits = bits.shiftLeft(8).or(BigInteger.valueOf(each & 0xff));
        }
        bits = bits.shiftLeft(16 + 2);
        final StringBuilder text = new StringBuilder();
        for (int i = 57; i >= 0; i--) {
            text.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt(bits.shiftRight(5 * i).intValue() & 31));
        }
        return text.toString();
    }

    /** The same key pair as the generator makes of these bytes. */
    private static KeyPair pair(final byte[] seed) throws Exception {
        final KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(255, new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(final byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        return generator.generateKeyPair();
    }
}
