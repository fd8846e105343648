package penstock.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.testkit.TestAuthority;

class CertifiedKeyTest {
    private static final TestAuthority AUTHORITY = new TestAuthority("authority");
    private static final TestAuthority.Issued EC = AUTHORITY.issue("ec", "localhost");
    private static final TestAuthority.Issued RSA = AUTHORITY.issueRsa("rsa", "localhost");
    private static final byte[] P256 = HexFormat.of().parseHex("06082a8648ce3d030107");

    @TempDir
    private Path folder;
    private Path certificate;
    private Path key;

    @BeforeEach
    void write() {
        certificate = folder.resolve("own.pem");
        key = folder.resolve("own.key");
        EC.write(certificate, key);
    }

    private CertifiedKey read() {
        return CertifiedKey.read("server.tls.", certificate, key);
    }

    @Test
    void shouldReadAKeyAsPkcs8() {
        assertThat(read().key()).isEqualTo(EC.key());
        RSA.write(certificate, key);
        assertThat(read().key()).isEqualTo(RSA.key());
    }

    @Test
    void shouldReadAnRsaKeyAsPkcs1() throws IOException {
        RSA.write(certificate, key);
        final byte[] pkcs8 = RSA.key().getEncoded();
        // behind 26 bytes of the envelope stands the key itself
        Files.writeString(key, TestAuthority.pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length)));
        assertThat(read().key()).isEqualTo(RSA.key());
    }

    @Test
    void shouldReadAnEcKeyAsSec1() throws IOException {
        final byte[] scalar = new byte[32];
        final byte[] number = ((java.security.interfaces.ECPrivateKey) EC.key()).getS().toByteArray();
        final int length = Math.min(32, number.length);
        System.arraycopy(number, number.length - length, scalar, 32 - length, length);
        final byte[] sec1 = TestAuthority.sequence(new byte[] {2, 1, 1}, TestAuthority.element(4, scalar),
            TestAuthority.element(0xa0, P256));
        Files.writeString(key, TestAuthority.pem("EC PARAMETERS", P256) + TestAuthority.pem("EC PRIVATE KEY", sec1));
        assertThat(((java.security.interfaces.ECPrivateKey) read().key()).getS())
            .isEqualTo(((java.security.interfaces.ECPrivateKey) EC.key()).getS());
    }

    @Test
    void shouldReadAWholeChainWithTextAroundIt() throws IOException {
        final Path authority = AUTHORITY.write(folder.resolve("authority.pem"));
        Files.writeString(certificate, "subject=CN = ec\r\n"
            + (Files.readString(certificate) + "\n# the authority\n" + Files.readString(authority))
                .replace("\n", "\r\n"));
        assertThat(read().chain()).containsExactly(EC.certificate(), AUTHORITY.certificate);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                                           | has no PEM block",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\\nAAAA\\n-----END ENCRYPTED PRIVATE KEY-----"
            + "| the key is encrypted; decrypt it with openssl pkey",
        "-----BEGIN RSA PRIVATE KEY-----\\nProc-Type: 4,ENCRYPTED\\n\\nAA\\n-----END RSA PRIVATE KEY-----"
            + "| the key is encrypted",
        "-----BEGIN PRIVATE KEY-----\\nAAAA\\n-----END PRIVATE KEY-----  | is no key of RSA, EC or Ed25519",
        "-----BEGIN EC PRIVATE KEY-----\\nMAMC\\n-----END EC PRIVATE KEY-----  | the private key is damaged",
        "-----BEGIN PRIVATE KEY-----\\nA\\n-----END PRIVATE KEY-----     | line 1: the block PRIVATE KEY is not Base64",
        "-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY----- | has no private key, but PUBLIC KEY"})
    void shouldSayWhatIsWrongWithAKey(final String text, final String words) throws IOException {
        Files.writeString(key, text.replace("\\n", "\n"));
        assertThatThrownBy(this::read).isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith("server.tls.key: " + key + ": ").hasMessageContaining(words);
    }

    @Test
    void shouldSayWhichFileIsMissing() throws IOException {
        Files.delete(certificate);
        assertThatThrownBy(this::read).hasMessageStartingWith("server.tls.certificate: " + certificate)
            .hasMessageContaining("no such file; looked for");
        Files.createDirectory(certificate);
        assertThatThrownBy(this::read).hasMessageContaining("is a directory; name a file in it");
    }

    @Test
    void shouldSayThatACertificateFileHasAKeyOnly() throws IOException {
        Files.copy(key, certificate, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(this::read).hasMessageContaining("has no certificate, but PRIVATE KEY");
    }

    @Test
    void shouldSayThatACertificateIsDamaged() throws IOException {
        Files.writeString(certificate, Files.readString(certificate) + TestAuthority.pem("CERTIFICATE", new byte[9]));
        assertThatThrownBy(this::read).hasMessageContaining("certificate 2 is damaged");
    }

    @Test
    void shouldRefuseAKeyThatDoesNotFit() throws IOException {
        for (final TestAuthority.Issued other : new TestAuthority.Issued[] {AUTHORITY.issue("other"), RSA}) {
            Files.writeString(key, TestAuthority.pem("PRIVATE KEY", other.key().getEncoded()));
            assertThatThrownBy(this::read).hasMessageContaining("is not the key of the first certificate in "
                + certificate + " (CN=ec)");
        }
    }

    @Test
    void shouldWarnOfACertificateOutsideItsDates() {
        assertThat(read().warning(Instant.now())).isNull();
        assertThat(read().warning(Instant.now().minusSeconds(3 * 86_400))).contains("is not valid before");
        AUTHORITY.issueExpired("old", "localhost").write(certificate, key);
        assertThat(read().warning(Instant.now())).contains("the certificate of CN=old expired at").contains("renew");
    }
}
