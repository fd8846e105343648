package penstock.tls;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of a client: whom it trusts and what it shows of itself, from PEM files that are read again when they change.
 * Each change gives a context of its own, so that connections keep what they began with. Any thread.
 */
public final class ClientTls {
    private static final Logger LOG = LoggerFactory.getLogger(ClientTls.class);

    /**
     * The files; null = none.
     *
     * @param authorities whom to trust; null = the trust store of the JVM
     * @param certificate the client's own, with {@code key}
     */
    public record PemFiles(String authorities, String certificate, String key) {
    }

    private final String section;
    private final PemFiles files;
    private final WatchedFiles watched;
    private SSLContext context;
    private CertifiedKey own;
    private String problem;

    /**
     * Reads the files.
     *
     * @param section the configuration's section, for messages
     * @throws IllegalArgumentException with place and remedy if the files are of no use
     */
    public ClientTls(final String section, final PemFiles files) {
        this.section = section;
        this.files = files;
        watched = new WatchedFiles(files.authorities, files.certificate, files.key);
        load();
    }

    /**
     * For the connections that begin now; the same object until a file has changed. Changed files are used once they
     * have been the same for two calls, because certificate and key change one after the other.
     */
    public synchronized SSLContext context() {
        if (watched.isChanged()) {
            try {
                load();
            } catch (final IllegalArgumentException | IllegalStateException e) {
                problem = e.getMessage();
                LOG.warn("{}; the relay goes on with what it has read before", problem);
            }
        }
        return context;
    }

    /** Why TLS failed, in plain words and with a remedy; null if {@code failure} is not one of TLS. */
    public synchronized String explain(final Throwable failure) {
        final String words = TlsFailure.explain(failure, section);
        return words == null ? null : words + doubts();
    }

    /** What is wrong with the files, to follow a reason; empty if nothing is known. */
    public synchronized String doubts() {
        final String dates = own == null ? null : own.warning(Instant.now());
        return (dates == null ? "" : "; " + section + ".certificate: " + dates)
            + (problem == null ? "" : "; " + problem);
    }

    private void load() {
        own = files.certificate == null ? null
            : CertifiedKey.read(section + ".", Path.of(files.certificate), Path.of(files.key));
        context = TlsContexts.of(own, files.authorities == null ? null : authorities());
        problem = null;
        final String dates = own == null ? null : own.warning(Instant.now());
        if (dates != null) {
            LOG.warn("{}: {}", section, dates);
        }
    }

    private List<X509Certificate> authorities() {
        return TlsContexts.authorities(section + ".authorities", Path.of(files.authorities));
    }
}
