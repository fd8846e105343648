package penstock;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.AuthConfig;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.ServerConfig;
import penstock.config.relay.ServerConfig.ClientCertificates;
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
import penstock.reload.LiveStep;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.Telemetry;
import penstock.text.Address;

/**
 * Who the clients of a relay are: the credentials that the configuration names. Started and closed by one thread;
 * reloads come from any, one at a time.
 */
final class RelayAccess implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayAccess.class);
    /** For the keys of tokens at an address that a reload names. */
    private static final long KEYS_WITHIN_MS = 10_000;
    private static final long LOOK_EVERY_MS = 10;

    /**
     * What clients show.
     *
     * @param keys   null without a file of keys or certificates
     * @param tokens null if clients show none
     * @param auth   what they were made of
     */
    private record Credentials(KeyFile keys, JwtAuthenticator tokens, AuthConfig auth) {
        CredentialSource source() {
            return tokens == null ? keys : keys == null ? tokens : new CertificatesAndTokens(keys, tokens);
        }
    }

    private final ErrorLog errors;
    private final AccessControl control;
    private final Accounts accounts;
    /** Null if no service takes products away. */
    private final Rights rights;
    /** Null if the relay serves everyone. */
    private Credentials credentials;
    private Products products;
    private Runnable checks = () -> { };
    private AccessWatch watch = AccessWatch.NONE;
    /** That of the newest credentials; the changes of others do not count. */
    private volatile CredentialSource source;
    private boolean isClosed;

    private RelayAccess(final AccessControl control, final Products products, final Credentials credentials,
            final Rights rights, final Accounts accounts, final ErrorLog errors) {
        this.control = control;
        this.products = products;
        this.credentials = credentials;
        this.rights = rights;
        this.accounts = accounts;
        this.errors = errors;
        source = credentials == null ? null : credentials.source();
        if (source != null) {
            // clients of edges were not checked by this relay, so what they are is asked before anything has changed
            control.onChanged(source::current);
        }
    }

    /**
     * Reads the credentials.
     *
     * @throws penstock.config.ConfigException if a file of them is missing or broken
     */
    static RelayAccess of(final RelayConfig config, final Telemetry telemetry, final Clock clock) {
        final Accounts accounts = new Accounts(ofName(config), ofAddress(config), System::nanoTime);
        final RelayAccess access = read(config, telemetry, clock, accounts);
        accounts.register(telemetry);
        access.control.limit(accounts);
        return access;
    }

    private static RelayAccess read(final RelayConfig config, final Telemetry telemetry, final Clock clock,
            final Accounts accounts) {
        final AuthConfig auth = config.auth();
        if (auth.mode() == AuthConfig.Mode.NONE) {
            return new RelayAccess(AccessControl.ofEveryone(), null, null, null, accounts, telemetry.errors());
        }
        final Products products = new Products(config.products(), auth.rights().url() != null);
        final Credentials credentials = new Credentials(keys(config, products, telemetry.errors()),
            auth.mode() == AuthConfig.Mode.JWT ? JwtAuthenticator.of(auth, products, telemetry.errors()) : null, auth);
        final Rights rights = auth.rights().url() == null ? null : new Rights(auth.rights(), products, telemetry);
        return new RelayAccess(new AccessControl(auth.mode().name().toLowerCase(Locale.ROOT), credentials.source(),
            products, clock, rights == null ? ProductRights.ALL : rights), products, credentials, rights, accounts,
            telemetry.errors());
    }

    private static QuotaLimits ofName(final RelayConfig config) {
        final AuthConfig.Quotas quotas = config.auth().quotas();
        return new QuotaLimits(new QuotaLimits.Keys("auth.quotas.", ""), quotas.handshakesPerSecond(),
            quotas.requestsPerSecond(), quotas.workPerSecond(), quotas.subscriptions(), quotas.symbols());
    }

    private static QuotaLimits ofAddress(final RelayConfig config) {
        final ServerConfig.Quotas quotas = config.server().edge().quotas();
        return new QuotaLimits(new QuotaLimits.Keys("server.", "-per-address"), 0,
            quotas.requestsPerSecondPerAddress(), 0, quotas.subscriptionsPerAddress(), quotas.symbolsPerAddress());
    }

    /** Who is served, for the operator; if it is everyone, with the remedy. */
    String clients(final RelayConfig config) {
        final AuthConfig auth = config.auth();
        return switch (auth.mode()) {
            case NONE -> config.server().listen().isLoopback() ? "everyone on this machine (auth.mode = none)"
                : "EVERYONE who reaches this machine: set auth.mode = keys and auth.keys-file, or server.host = "
                    + "127.0.0.1";
            case KEYS -> credentials.keys.contents() + " in " + auth.keysFile() + " (auth.mode = keys)";
            case JWT -> "who show a token of " + auth.jwt().issuer() + " (auth.mode = jwt)";
        };
    }

    /** Null without a file; beside tokens it names certificates alone. */
    private static KeyFile keys(final RelayConfig config, final Products products, final ErrorLog errors) {
        final AuthConfig auth = config.auth();
        if (auth.keysFile() == null) {
            return null;
        }
        final Path file = Path.of(auth.keysFile());
        final KeyFile keys = auth.mode() == AuthConfig.Mode.KEYS
            ? new KeyFile(file, products, auth.sessions(), errors)
            : KeyFile.ofCertificates(file, products, auth.sessions(), errors);
        if (keys.hasCertificates() && config.server().listen().tls().clientCertificates() == ClientCertificates.NONE) {
            LOG.warn("{} names certificates of clients, and no client can show one: set server.tls.client-authorities, "
                + "and server.tls.client-certificates = optional or required", file);
        }
        return keys;
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
     * Looks for changes from now on, and has the sessions checked after each by {@code then}. {@code learns} learns who
     * is entitled to what.
     */
    synchronized void start(final Runnable then, final AccessWatch learns) {
        checks = then;
        watch = learns;
        control.watch(watch);
        watch.onKeys(source == null || source.clients() == null ? List.of() : source.clients());
        if (credentials != null) {
            listen(source);
            startKeys(credentials);
            startTokens(credentials);
        }
        if (rights != null) {
            rights.onChanged(checks);
            rights.start();
        }
    }

    private void listen(final CredentialSource changing) {
        changing.onChanged(current -> {
            if (changing == source) {
                control.onChanged(current);
                onChanged(changing);
            }
        });
    }

    private void onChanged(final CredentialSource changed) {
        checks.run();
        if (changed.clients() != null) {
            watch.onKeys(changed.clients());
        }
    }

    private static void startKeys(final Credentials of) {
        if (of.keys != null) {
            of.keys.start();
        }
    }

    private static void startTokens(final Credentials of) {
        if (of.tokens != null) {
            of.tokens.start();
        }
    }

    /** Throws as {@link #of} if the credentials that {@code next} names are of no use. */
    static void check(final RelayConfig next) {
        of(next, new Telemetry(), Clock.systemUTC()).close();
    }

    /** Whether these are the products of the start. */
    boolean hasProducts(final Map<String, AuthConfig.Product> other) {
        return products == null || products.equals(new Products(other));
    }

    /** Other quotas count from now on. */
    void limit(final RelayConfig next) {
        accounts.follow(ofName(next), ofAddress(next));
    }

    /**
     * Reads the credentials and the products of {@code next}, which has the mode and the service of rights of the
     * start. If keys of tokens are at another address, it waits until they are here: without them it would refuse every
     * client.
     *
     * @throws penstock.config.ConfigException if a file of them is missing or broken
     * @throws IllegalArgumentException        if there are no keys of tokens in time
     */
    synchronized LiveStep prepare(final RelayConfig next) {
        if (credentials == null) {
            return () -> { };
        }
        final AuthConfig auth = next.auth();
        final Products granted = products.with(next.products());
        final KeyFile keys = keys(next, granted, errors);
        final boolean hasSameTokens = credentials.tokens == null || isSameSource(credentials.auth.jwt(), auth.jwt());
        final Credentials fresh = new Credentials(keys,
            hasSameTokens ? credentials.tokens : JwtAuthenticator.of(auth, granted, errors), auth);
        final CredentialSource made = fresh.source();
        if (!hasSameTokens) {
            awaitKeys(fresh.tokens, auth.jwt());
        }
        return new LiveStep() {
            @Override
            public void apply() {
                follow(fresh, made, granted);
            }

            @Override
            public void discard() {
                if (!hasSameTokens) {
                    fresh.tokens.close();
                }
            }
        };
    }

    private static boolean isSameSource(final AuthConfig.Jwt before, final AuthConfig.Jwt now) {
        return before.jwks().equals(now.jwks()) && before.rsaAlgorithm() == now.rsaAlgorithm()
            && before.refresh().equals(now.refresh());
    }

    private static void awaitKeys(final JwtAuthenticator tokens, final AuthConfig.Jwt jwt) {
        tokens.start();
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(KEYS_WITHIN_MS);
        while (!tokens.hasKeys()) {
            if (System.nanoTime() - endNs >= 0) {
                tokens.close();
                throw new IllegalArgumentException("auth.jwt.jwks: no keys came from "
                    + new Address(jwt.jwks()) + " within " + KEYS_WITHIN_MS / 1_000
                    + " s, and every client would be refused; the log says why");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MS));
        }
    }

    private synchronized void follow(final Credentials fresh, final CredentialSource made, final Products granted) {
        if (isClosed) {
            return;
        }
        final Credentials before = credentials;
        credentials = fresh;
        products = granted;
        source = made;
        listen(made);
        if (fresh.tokens != null && fresh.tokens == before.tokens) {
            fresh.tokens.follow(fresh.auth, granted);
        }
        control.follow(made, granted);
        if (rights != null) {
            rights.follow(granted);
        }
        startKeys(fresh);
        onChanged(made);
        close(before, fresh);
    }

    private static void close(final Credentials before, final Credentials kept) {
        if (before.keys != null) {
            before.keys.close();
        }
        if (before.tokens != null && (kept == null || kept.tokens != before.tokens)) {
            before.tokens.close();
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        if (credentials != null) {
            close(credentials, null);
        }
        if (rights != null) {
            rights.close();
        }
    }
}
