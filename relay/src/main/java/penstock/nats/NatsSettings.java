package penstock.nats;

import io.nats.client.Options;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SSLContext;
import penstock.config.BusLogin;
import penstock.config.relay.FeedConfig;
import penstock.tls.CertifiedKey;
import penstock.tls.NamedPeers;
import penstock.tls.TlsContexts;

/**
 * Where servers of NATS are, and how the relay logs in. Immutable.
 *
 * @param servers their addresses
 * @param name    of the connection, for people; null = penstock
 * @param login   as configured
 * @param tls     null = as the JVM has it
 */
public record NatsSettings(List<String> servers, String name, BusLogin login, SSLContext tls) {
    private static final String TLS = "tls:";

    /** With a name. */
    public NatsSettings {
        name = name == null ? "penstock" : name;
    }

    /**
     * The context of files that a section of that key names; null if it names none.
     *
     * @throws IllegalArgumentException if a file is of no use, with the key and a remedy
     */
    public static SSLContext tls(final String key, final FeedConfig.Tls files) {
        return files.equals(FeedConfig.Tls.DEFAULT) ? null : TlsContexts.of(files.certificate() == null
            ? null : CertifiedKey.read(key, Path.of(files.certificate()), Path.of(files.key())),
            files.authorities() == null ? null
            : TlsContexts.authorities(key + "authorities", Path.of(files.authorities())));
    }

    /** What its connections speak TLS with, checking whom a certificate names; null = no address asks for TLS. */
    SSLContext context() {
        if (!isSecured()) {
            return null;
        }
        try {
            return new NamedPeers(tls == null ? SSLContext.getDefault() : tls,
                servers.stream().map(server -> URI.create(server).getHost()).toList());
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JVM has no TLS context: " + e, e);
        }
    }

    /** In words, that a server has not answered the login within that time. */
    String silence(final long seconds) {
        return "no answer to the login within " + seconds + " s" + (isSecured() ? " over TLS: a server that wants a "
            + "certificate of its clients may end a connection without a word" : "");
    }

    private boolean isSecured() {
        return servers.stream().anyMatch(server -> server.startsWith(TLS));
    }

    /** Reads the secrets. */
    void logIn(final Options.Builder options) throws IOException {
        if (login.credentialsFile() != null) {
            final CredentialsFile file = new CredentialsFile(Path.of(login.credentialsFile()));
            file.check();
            options.authHandler(file);
        } else if (login.user() != null) {
            options.userInfo(login.user().toCharArray(), SecretFile.line(Path.of(login.passwordFile())));
        } else if (login.tokenFile() != null) {
            options.token(SecretFile.line(Path.of(login.tokenFile())));
        }
    }
}
