package penstock.tls;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Reads the certificates of a PEM file. Stateless. */
final class Certificates {
    private Certificates() {
    }

    /**
     * All certificates of {@code file}, in order.
     *
     * @throws IllegalArgumentException with place and remedy
     */
    static List<X509Certificate> read(final String key, final Path file) {
        final PemFile pem = PemFile.read(key, file);
        final List<X509Certificate> certificates = new ArrayList<>();
        for (final PemFile.Block block : pem.blocks()) {
            if (block.label().endsWith("CERTIFICATE")) {
                try {
                    certificates.add((X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(block.der())));
                } catch (final CertificateException e) {
                    throw new IllegalArgumentException(pem.place() + ": certificate " + (certificates.size() + 1)
                        + " is damaged; copy the file again", e);
                }
            }
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException(pem.place() + ": has no certificate, but " + pem.blocks().get(0).label()
                + "; name the file with -----BEGIN CERTIFICATE-----");
        }
        return certificates;
    }
}
