package penstock.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Makes TLS contexts of keys and authorities. Stateless. */
public final class TlsContexts {
    private static final char[] NO_PASSWORD = {};

    private TlsContexts() {
    }

    /**
     * A context of either side.
     *
     * @param own         what the relay shows of itself, null = nothing
     * @param authorities whom it trusts, null = the trust store of the JVM, empty = none
     */
    public static SSLContext of(final CertifiedKey own, final List<X509Certificate> authorities) {
        try {
            final SSLContext context = SSLContext.getInstance("TLS");
            context.init(own == null ? null : keys(own), authorities == null ? null : trust(authorities), null);
            return context;
        } catch (final GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the JVM cannot make a TLS context: " + e, e);
        }
    }

    /**
     * The authorities in a PEM file.
     *
     * @param key the configuration's key that names the file
     * @throws IllegalArgumentException with place and remedy
     */
    public static List<X509Certificate> authorities(final String key, final Path file) {
        return Certificates.read(key, file);
    }

    private static KeyManager[] keys(final CertifiedKey own) throws GeneralSecurityException, IOException {
        final KeyStore store = empty();
        store.setKeyEntry("own", own.key(), NO_PASSWORD, own.chain().toArray(new X509Certificate[0]));
        final KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        return keys.getKeyManagers();
    }

    private static TrustManager[] trust(final List<X509Certificate> authorities)
            throws GeneralSecurityException, IOException {
        if (authorities.isEmpty()) {
            return new TrustManager[0];
        }
        final KeyStore store = empty();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry(Integer.toString(i), authorities.get(i));
        }
        final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        return trust.getTrustManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        final KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
