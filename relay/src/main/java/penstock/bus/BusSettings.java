package penstock.bus;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import penstock.config.relay.BusConfig;
import penstock.config.relay.FeedConfig;
import penstock.tls.CertifiedKey;
import penstock.tls.TlsContexts;
import io.nats.client.Options;

/**
 * Where the bus is, and how the relay logs in. Immutable.
 *
 * @param servers  their addresses
 * @param subject  the beginning of the subjects, with {@code {feed}}
 * @param name     of the connection
 * @param login    as configured
 * @param tls      null = as the JVM has it
 */
record BusSettings(List<String> servers, String subject, String name, BusConfig.Login login, SSLContext tls) {
    private static final String KEY = "bus.nats.tls.";

    /**
     * As configured.
     *
     * @throws IllegalArgumentException if a file of {@code bus.nats.tls} is of no use, with the key and a remedy
     */
    static BusSettings of(final BusConfig.Nats nats) {
        final FeedConfig.Tls files = nats.tls();
        final SSLContext tls = files.equals(FeedConfig.Tls.DEFAULT) ? null : TlsContexts.of(files.certificate() == null
            ? null : CertifiedKey.read(KEY, Path.of(files.certificate()), Path.of(files.key())),
            files.authorities() == null ? null
            : TlsContexts.authorities(KEY + "authorities", Path.of(files.authorities())));
        return new BusSettings(nats.url(), nats.subject(), nats.name() == null ? "penstock" : nats.name(),
            nats.login(), tls);
    }

    /** The subject of a feed of that name; in a subject a dot would part words. */
    String subject(final String feed) {
        return subject.replace("{feed}", feed.replace('.', '-'));
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
