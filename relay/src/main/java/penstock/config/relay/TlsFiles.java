package penstock.config.relay;

import java.nio.file.Path;
import penstock.config.ConfigSection;

/**
 * Reads the sections {@code tls}. A relative path is resolved next to the configuration file. The files themselves are
 * read when the relay starts. Stateless.
 */
final class TlsFiles {
    private static final String CERTIFICATE = "certificate";
    private static final String KEY = "key";
    private static final String AUTHORITIES = "client-authorities";
    private static final String CLIENTS = "client-certificates";

    private TlsFiles() {
    }

    /** Of a listener. */
    static ServerConfig.Tls ofListener(final ConfigSection section, final Path folder) {
        final ServerConfig.Tls tls = new ServerConfig.Tls(path(section, CERTIFICATE, folder),
            path(section, KEY, folder), path(section, AUTHORITIES, folder),
            section.choice(CLIENTS, ServerConfig.ClientCertificates.NONE, ServerConfig.ClientCertificates.class));
        checkPair(section);
        final boolean asks = tls.clientCertificates() != ServerConfig.ClientCertificates.NONE;
        if (asks && tls.clientAuthorities() == null) {
            section.problem(CLIENTS, "needs " + AUTHORITIES + ", the file of those who may vouch for clients");
        } else if (!asks && tls.clientAuthorities() != null) {
            section.problem(AUTHORITIES, "has no effect while " + CLIENTS + " is none; set it to optional or required");
        } else if (asks && !tls.isOn()) {
            section.problem(CLIENTS, "needs TLS; set " + CERTIFICATE + " and " + KEY);
        }
        return tls;
    }

    /** Of the feed. */
    static FeedConfig.Tls ofFeed(final ConfigSection section, final Path folder) {
        final FeedConfig.Tls tls = new FeedConfig.Tls(path(section, "authorities", folder),
            path(section, CERTIFICATE, folder), path(section, KEY, folder));
        checkPair(section);
        return tls;
    }

    private static void checkPair(final ConfigSection section) {
        if (section.has(CERTIFICATE) != section.has(KEY)) {
            final boolean hasKey = section.has(KEY);
            section.problem(hasKey ? KEY : CERTIFICATE, "needs " + (hasKey ? CERTIFICATE : KEY)
                + ", the file that belongs to it");
        }
    }

    private static String path(final ConfigSection section, final String key, final Path folder) {
        final String path = section.path(key, "must be the path of a PEM file; name one, or remove the line");
        return path == null ? null : folder.resolve(path).toString();
    }
}
