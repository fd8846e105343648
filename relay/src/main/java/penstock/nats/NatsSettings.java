package penstock.nats;

import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import penstock.config.BusLogin;
import penstock.config.relay.FeedConfig;
import penstock.tls.CertifiedKey;
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
