package penstock.server.tls;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.ServerConfig;
import penstock.config.relay.ServerConfig.ClientCertificates;
import penstock.tls.CertifiedKey;
import penstock.tls.TlsContexts;
import penstock.tls.WatchedFiles;

/**
 * TLS of one listener: its certificate, key and authorities, which it reads again when their files change. A changed
 * set gets a context of its own, so connections keep what they began with, and tickets of the old context end with it.
 *
 * <p>{@link #newEngine} is called by io threads; the others by any thread, one at a time.
 */
public final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
    private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
    /** AEAD with forward secrecy, the fastest first. */
    private static final List<String> SUITES = List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    /** Sessions of clients that remember none themselves by a ticket. */
    private static final int MAX_REMEMBERED = 1_024;

    /** What new connections are offered. */
    private record Offer(SSLContext context, ClientCertificates clientCertificates) {
    }

    private final String section;
    private final List<String> suites;
    private final boolean isLogged;
    private ServerConfig.Tls config;
    private volatile Offer offer;
    private WatchedFiles watched;

    /**
     * Reads the files.
     *
     * @param section the configuration's section, for messages
     * @param config  with a certificate and a key
     * @throws IllegalArgumentException with place and remedy if the files are of no use
     */
    public ServerTls(final String section, final ServerConfig.Tls config) {
        this(section, config, true);
    }

    /** The same; without {@code isLogged} the log says nothing of the certificate. */
    public ServerTls(final String section, final ServerConfig.Tls config, final boolean isLogged) {
        this.isLogged = isLogged;
        this.section = section;
        this.config = config;
        watched = new WatchedFiles(config.certificate(), config.key(), config.clientAuthorities());
        load();
        final Set<String> supported = Set.of(offer.context.getSupportedSSLParameters().getCipherSuites());
        suites = SUITES.stream().filter(supported::contains).toList();
    }

    /** For one more connection. */
    SSLEngine newEngine() {
        final Offer now = offer;
        final SSLEngine engine = now.context.createSSLEngine();
        engine.setUseClientMode(false);
        final SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS.toArray(String[]::new));
        parameters.setCipherSuites(suites.toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(new String[] {"http/1.1"});
        if (now.clientCertificates == ClientCertificates.REQUIRED) {
            parameters.setNeedClientAuth(true);
        } else if (now.clientCertificates == ClientCertificates.OPTIONAL) {
            parameters.setWantClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /**
     * Uses changed files once they have been the same for two calls: certificate and key change one after the other.
     * Files of no use are reported once and change nothing.
     */
    public synchronized void reload() {
        if (watched.isChanged()) {
            try {
                load();
            } catch (final IllegalArgumentException | IllegalStateException e) {
                LOG.warn("{}; the relay goes on with the certificate that it has", e.getMessage());
            }
        }
    }

    /** New connections get what {@code next} has read, and its files are followed from now on. */
    public synchronized void follow(final ServerTls next) {
        config = next.config;
        watched = next.watched;
        offer = next.offer;
    }

    private void load() {
        final CertifiedKey own =
            CertifiedKey.read(section + ".", Path.of(config.certificate()), Path.of(config.key()));
        final List<X509Certificate> authorities = config.clientAuthorities() == null ? List.of()
            : TlsContexts.authorities(section + ".client-authorities", Path.of(config.clientAuthorities()));
        final SSLContext next = TlsContexts.of(own, authorities);
        next.getServerSessionContext().setSessionCacheSize(MAX_REMEMBERED);
        offer = new Offer(next, config.clientCertificates());
        if (isLogged) {
            log(own);
        }
    }

    private void log(final CertifiedKey own) {
        LOG.info("{}: certificate of {}, valid until {}", section, own.subject(), own.notAfter());
        final String warning = own.warning(Instant.now());
        if (warning != null) {
            LOG.warn("{}: {}", section, warning);
        }
    }
}
