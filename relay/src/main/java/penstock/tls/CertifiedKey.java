package penstock.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A private key and the certificates that vouch for it: its own first, then those of the authorities between it and
 * the root. Immutable.
 */
public record CertifiedKey(PrivateKey key, List<X509Certificate> chain) {
    /** Copies the list. */
    public CertifiedKey {
        chain = List.copyOf(chain);
    }

    /**
     * Reads both PEM files and checks that they fit each other.
     *
     * @param prefix what comes before {@code certificate} and {@code key} in the keys or options that name the files:
     *               {@code server.tls.} or {@code --}
     * @throws IllegalArgumentException with place and remedy
     */
    public static CertifiedKey read(final String prefix, final Path certificate, final Path key) {
        final CertifiedKey read = new CertifiedKey(PrivateKeys.read(prefix + "key", key),
            Certificates.read(prefix + "certificate", certificate));
        if (!read.fits()) {
            throw new IllegalArgumentException(prefix + "key: " + key + ": is not the key of the first certificate in "
                + certificate + " (" + read.subject() + "); give the pair that belongs together, the server's own "
                + "certificate first");
        }
        return read;
    }

    /** For whom the certificate is. */
    public String subject() {
        return chain.get(0).getSubjectX500Principal().getName();
    }

    /** Later, the other side refuses the certificate. */
    public Instant notAfter() {
        return chain.get(0).getNotAfter().toInstant();
    }

    /** A sentence about the dates of the certificate if {@code now} lies outside of them; else null. */
    public String warning(final Instant now) {
        if (now.isAfter(notAfter())) {
            return "the certificate of " + subject() + " expired at " + notAfter()
                + ": the other side refuses it; renew it";
        }
        final Instant notBefore = chain.get(0).getNotBefore().toInstant();
        return now.isBefore(notBefore) ? "the certificate of " + subject() + " is not valid before " + notBefore
            + ": the other side refuses it; check the clock" : null;
    }

    /** Signs with one and verifies with the other. */
    private boolean fits() {
        final String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        try {
            final byte[] text = {1, 2, 3};
            final Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(text);
            final byte[] signed = signature.sign();
            signature.initVerify(chain.get(0).getPublicKey());
            signature.update(text);
            return signature.verify(signed);
        } catch (final GeneralSecurityException e) {
            return false;
        }
    }
}
