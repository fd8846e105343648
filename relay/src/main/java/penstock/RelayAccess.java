package penstock;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.AuthConfig;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.ServerConfig;
import penstock.config.relay.ServerConfig.ClientCertificates;
import penstock.fanout.ShardProxy;
import penstock.identity.AccessControl;
import penstock.identity.AccessWatch;
import penstock.identity.CredentialSource;
import penstock.identity.ProductRights;
import penstock.identity.Products;
import penstock.identity.jwt.JwtAuthenticator;
import penstock.identity.key.CertificatesAndTokens;
import penstock.identity.key.KeyFile;
import penstock.identity.rights.Rights;
import penstock.quota.Accounts;
import penstock.quota.QuotaLimits;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.Telemetry;

/** Who the clients of a relay are: the credentials that the configuration names. Started and closed by one thread. */
final class RelayAccess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayAccess.class);

    private final AccessControl control;
    /** Null if the relay serves everyone. */
    private final CredentialSource source;
    /** Null if no service takes products away. */
    private final Rights rights;

    private RelayAccess(final AccessControl control, final CredentialSource source, final Rights rights) {
        this.control = control;
        this.source = source;
        this.rights = rights;
    }

    /**
     * Reads the credentials.
     *
     * @throws penstock.config.ConfigException if a file of them is missing or broken
     */
    static RelayAccess of(final RelayConfig config, final Telemetry telemetry, final Clock clock) {
        final RelayAccess access = read(config, telemetry, clock);
        final Accounts accounts = accounts(config);
        accounts.register(telemetry);
        access.control.limit(accounts);
        return access;
    }

    private static RelayAccess read(final RelayConfig config, final Telemetry telemetry, final Clock clock) {
        final AuthConfig auth = config.auth();
        if (auth.mode() == AuthConfig.Mode.NONE) {
            return new RelayAccess(AccessControl.ofEveryone(), null, null);
        }
        final Products products = new Products(config.products(), auth.rights().url() != null);
        final CredentialSource source = source(config, products, telemetry.errors());
        final Rights rights = auth.rights().url() == null ? null : new Rights(auth.rights(), products, telemetry);
        return new RelayAccess(new AccessControl(auth.mode().name().toLowerCase(Locale.ROOT), source, products,
            clock, rights == null ? ProductRights.ALL : rights), source, rights);
    }

    /** By the names of clients, and by their addresses. */
    private static Accounts accounts(final RelayConfig config) {
        final AuthConfig.Quotas ofName = config.auth().quotas();
        final ServerConfig.Quotas ofAddress = config.server().edge().quotas();
        return new Accounts(
            new QuotaLimits(new QuotaLimits.Keys("auth.quotas.", ""), ofName.handshakesPerSecond(),
                ofName.requestsPerSecond(), ofName.workPerSecond(), ofName.subscriptions(), ofName.symbols()),
            new QuotaLimits(new QuotaLimits.Keys("server.", "-per-address"), 0,
                ofAddress.requestsPerSecondPerAddress(), 0, ofAddress.subscriptionsPerAddress(),
                ofAddress.symbolsPerAddress()), System::nanoTime);
    }

    /** Who is served, for the operator; if it is everyone, with the remedy. */
    String clients(final RelayConfig config) {
        final AuthConfig auth = config.auth();
        return switch (auth.mode()) {
            case NONE -> config.server().listen().isLoopback() ? "everyone on this machine (auth.mode = none)"
                : "EVERYONE who reaches this machine: set auth.mode = keys and auth.keys-file, or server.host = "
                    + "127.0.0.1";
            case KEYS -> (source instanceof KeyFile keys ? keys.contents() : "no keys") + " in " + auth.keysFile()
                + " (auth.mode = keys)";
            case JWT -> "who show a token of " + auth.jwt().issuer() + " (auth.mode = jwt)";
        };
    }

    private static CredentialSource source(final RelayConfig config, final Products products,
            final ErrorLog errors) {
        final AuthConfig auth = config.auth();
        final CredentialSource tokens =
            auth.mode() == AuthConfig.Mode.JWT ? JwtAuthenticator.of(auth, products, errors) : null;
        if (auth.keysFile() == null) {
            return tokens;
        }
        final Path file = Path.of(auth.keysFile());
        final KeyFile keys = tokens == null ? new KeyFile(file, products, auth.sessions(), errors)
            : KeyFile.ofCertificates(file, products, auth.sessions(), errors);
        if (keys.hasCertificates() && config.server().listen().tls().clientCertificates() == ClientCertificates.NONE) {
            LOG.warn("{} names certificates of clients, and no client can show one: set server.tls.client-authorities, "
                + "and server.tls.client-certificates = optional or required", file);
        }
        return tokens == null ? keys : new CertificatesAndTokens(keys, tokens);
    }

    /** Decides who clients are. */
    AccessControl control() {
        return control;
    }

    /** Null if no service takes products away. */
    Rights rights() {
        return rights;
    }

    /**
     * Looks for changes from now on, and has the sessions of {@code shards} checked after each. {@code watch} learns
     * who is entitled to what.
     */
    void start(final List<ShardProxy> shards, final AccessWatch watch) {
        control.watch(watch);
        watch.onKeys(source == null || source.clients() == null ? List.of() : source.clients());
        if (source != null) {
            source.onChanged(current -> {
                control.onChanged(current);
                shards.forEach(ShardProxy::credentialsChanged);
                if (source.clients() != null) {
                    watch.onKeys(source.clients());
                }
            });
            source.start();
        }
        if (rights != null) {
            rights.onChanged(() -> shards.forEach(ShardProxy::credentialsChanged));
            rights.start();
        }
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
        if (rights != null) {
            rights.close();
        }
    }
}
