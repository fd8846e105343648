package penstock.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;

/** A certificate authority of a test (RFC 5280): its keys live as long as the test. One thread. */
public final class TestAuthority {
    private static final byte[] ECDSA_WITH_SHA256 = HexFormat.of().parseHex("300a06082a8648ce3d040302");
    private static final byte[] BASIC_CONSTRAINTS = HexFormat.of().parseHex("0603551d13");
    private static final byte[] ALTERNATIVE_NAMES = HexFormat.of().parseHex("0603551d11");
    private static final byte[] TRUE = {1, 1, -1};
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final AtomicInteger SERIAL = new AtomicInteger(1);

    /** Of the authority itself. */
    public final X509Certificate certificate;
    private final KeyPair keys = keys("EC");

    /** A certificate with its key. */
    public record Issued(X509Certificate certificate, PrivateKey key) {
        /** Writes both as PEM files, each in one step as a tool for certificates does. */
        public void write(final Path certificateFile, final Path keyFile) {
            replace(certificateFile, pem("CERTIFICATE", encoded()));
            replace(keyFile, pem("PRIVATE KEY", key.getEncoded()));
        }

        private byte[] encoded() {
            try {
                return certificate.getEncoded();
            } catch (final GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Valid since yesterday, for two days. */
    public TestAuthority(final String name) {
        final byte[] isAuthority = sequence(BASIC_CONSTRAINTS, TRUE, element(4, sequence(TRUE)));
        certificate = sign("CN=" + name, "CN=" + name, keys, Instant.now(), isAuthority);
    }

    /** A certificate valid now, for {@code names} like {@code localhost} or {@code 127.0.0.1}. */
    public Issued issue(final String subject, final String... names) {
        return issue(keys("EC"), subject, Instant.now(), names);
    }

    /** A certificate that expired yesterday. */
    public Issued issueExpired(final String subject, final String... names) {
        return issue(keys("EC"), subject, Instant.now().minusSeconds(2 * 86_400), names);
    }

    /** A certificate of an RSA key. */
    public Issued issueRsa(final String subject, final String... names) {
        return issue(keys("RSA"), subject, Instant.now(), names);
    }

    /** Writes its certificate as a PEM file. */
    public Path write(final Path file) {
        replace(file, pem("CERTIFICATE", new Issued(certificate, null).encoded()));
        return file;
    }

    /** A client or a server that trusts this authority and no other, and shows {@code own}, null = nothing. */
    public SSLContext context(final Issued own) {
        try {
            final KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", certificate);
            final TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            KeyManager[] shown = null;
            if (own != null) {
                final KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(null, null);
                store.setKeyEntry("own", own.key, new char[0], new X509Certificate[] {own.certificate});
                final KeyManagerFactory factory =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                factory.init(store, new char[0]);
                shown = factory.getKeyManagers();
            }
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(shown, trust.getTrustManagers(), null);
            return context;
        } catch (final GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A PEM block. */
    public static String pem(final String label, final byte[] der) {
        return "-----BEGIN " + label + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + label + "-----\n";
    }

    private Issued issue(final KeyPair own, final String subject, final Instant around, final String... names) {
        final byte[] alternatives = sequence(ALTERNATIVE_NAMES,
            element(4, sequence(Stream.of(names).map(TestAuthority::alternative).toArray(byte[][]::new))));
        return new Issued(sign("CN=" + subject, certificate.getSubjectX500Principal().getName(), own, around,
            names.length == 0 ? sequence(BASIC_CONSTRAINTS, element(4, sequence())) : alternatives), own.getPrivate());
    }

    private static byte[] alternative(final String name) {
        return name.matches("[0-9.]+")
            ? element(0x87, HexFormat.of().parseHex(String.join("", Stream.of(name.split("\\."))
                .map(part -> String.format("%02x", Integer.parseInt(part))).toList())))
            : element(0x82, name.getBytes(StandardCharsets.US_ASCII));
    }

    private X509Certificate sign(final String subject, final String issuer, final KeyPair own, final Instant around,
            final byte[] extension) {
        final byte[] number = element(2, BigInteger.valueOf(SERIAL.getAndIncrement()).toByteArray());
        final byte[] unsigned = sequence(element(0xa0, new byte[] {2, 1, 2}), number, ECDSA_WITH_SHA256,
            new X500Principal(issuer).getEncoded(),
            sequence(time(around.minusSeconds(86_400)), time(around.plusSeconds(86_400))),
            new X500Principal(subject).getEncoded(), own.getPublic().getEncoded(),
            element(0xa3, sequence(extension)));
        try {
            final Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(unsigned);
            final byte[] der = sequence(unsigned, ECDSA_WITH_SHA256, element(3, new byte[] {0}, signature.sign()));
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] time(final Instant at) {
        return element(0x18, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static KeyPair keys(final String algorithm) {
        try {
            final KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (algorithm.equals("EC")) {
                generator.initialize(new ECGenParameterSpec("secp256r1"));
            } else {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void replace(final Path file, final String text) {
        try {
            final Path beside = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A DER sequence. */
    public static byte[] sequence(final byte[]... parts) {
        return element(0x30, parts);
    }

    /** A DER element. */
    public static byte[] element(final int tag, final byte[]... parts) {
        final ByteArrayOutputStream content = new ByteArrayOutputStream();
        List.of(parts).forEach(content::writeBytes);
        final byte[] length = BigInteger.valueOf(content.size()).toByteArray();
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.size() < 0x80) {
            out.write(content.size());
        } else {
            final byte[] significant = length[0] == 0 ? Arrays.copyOfRange(length, 1, length.length) : length;
            out.write(0x80 | significant.length);
            out.writeBytes(significant);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }
}
