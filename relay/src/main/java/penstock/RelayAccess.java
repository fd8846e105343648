package penstock;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import penstock.config.relay.RelayConfig;
import penstock.fanout.ShardProxy;
import penstock.identity.AccessControl;
import penstock.identity.CredentialSource;
import penstock.identity.Products;
import penstock.identity.jwt.JwtAuthenticator;
import penstock.identity.key.KeyFile;
import penstock.telemetry.ErrorLog;

/** Who the clients of a relay are: the credentials that the configuration names. Started and closed by one thread. */
final class RelayAccess implements AutoCloseable {
    private final AccessControl control;
    /** Null if the relay serves everyone. */
    private final CredentialSource source;

    private RelayAccess(final AccessControl control, final CredentialSource source) {
        this.control = control;
        this.source = source;
    }

    /**
     * Reads the credentials.
     *
     * @throws penstock.config.ConfigException if a file of them is missing or broken
     */
    static RelayAccess of(final RelayConfig config, final ErrorLog errors) {
        final Products products = new Products(config.products());
        return switch (config.auth().mode()) {
            case KEYS -> of("keys", products,
                new KeyFile(Path.of(config.auth().keysFile()), products, config.auth().sessions(), errors));
            case JWT -> of("jwt", products, JwtAuthenticator.of(config.auth(), products, errors));
            case NONE -> new RelayAccess(AccessControl.OFF, null);
        };
    }

    private static RelayAccess of(final String mode, final Products products, final CredentialSource source) {
        return new RelayAccess(new AccessControl(mode, source, products, Clock.systemUTC()), source);
    }

    /** Decides who clients are. */
    AccessControl control() {
        return control;
    }

    /** Looks for changes from now on, and has the sessions of {@code shards} checked after each. */
    void start(final List<ShardProxy> shards) {
        if (source != null) {
            source.onChanged(current -> {
                control.onChanged(current);
                shards.forEach(ShardProxy::credentialsChanged);
            });
            source.start();
        }
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
    }
}
