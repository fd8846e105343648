package penstock.identity.jwt;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.ConfigException;
import penstock.config.relay.AuthConfig;
import penstock.identity.CredentialSource;
import penstock.identity.Principal;
import penstock.identity.PrincipalListener;
import penstock.identity.Products;
import penstock.identity.TokenException;
import penstock.telemetry.ErrorLog;
import penstock.text.Address;

/**
 * Authenticates by tokens that an identity provider has signed ({@code auth.mode = jwt}): RFC 7519, by the rules of RFC
 * 8725. The keys come from a file or an address. Any thread.
 */
public final class JwtAuthenticator implements CredentialSource {
    private static final Logger LOG = LoggerFactory.getLogger(JwtAuthenticator.class);
    private static final long FETCH_WITHIN_MS = 10_000;

    private final KeySource source;
    private volatile ClaimRules claims;
    private volatile VerifiedTokens verified = new VerifiedTokens();
    private final TokenWorkers workers;

    JwtAuthenticator(final KeySource source, final ClaimRules claims) {
        this(source, claims, new TokenWorkers());
    }

    JwtAuthenticator(final KeySource source, final ClaimRules claims, final TokenWorkers workers) {
        this.source = source;
        this.claims = claims;
        this.workers = workers;
    }

    /**
     * Reads the keys, if they are in a file; those of an address are fetched after {@link #start}, and until then every
     * token is refused.
     *
     * @throws ConfigException if the file of the keys is missing or broken
     */
    public static JwtAuthenticator of(final AuthConfig auth, final Products products, final ErrorLog errors) {
        final Clock clock = Clock.systemUTC();
        return new JwtAuthenticator(source(auth.jwt(), errors, clock),
            new ClaimRules(auth.jwt(), auth.sessions(), products, clock));
    }

    /**
     * Tokens that are shown from now on follow the claims of {@code auth}, with the same keys. Principals keep what
     * their tokens said when they were shown.
     */
    public void follow(final AuthConfig auth, final Products products) {
        // in this order: a token that was verified by the old claims is kept among the old ones
        claims = new ClaimRules(auth.jwt(), auth.sessions(), products, Clock.systemUTC());
        verified = new VerifiedTokens();
    }

    /** Whether there are keys that tokens can be verified with; those of an address come after {@link #start}. */
    public boolean hasKeys() {
        return source.keys() != null;
    }

    private static KeySource source(final AuthConfig.Jwt jwt, final ErrorLog errors, final Clock clock) {
        if (!jwt.jwks().contains("://")) {
            return new KeySetFile(Path.of(jwt.jwks()), KeyRules.of(jwt.rsaAlgorithm(), true), errors, clock);
        }
        final URI address = URI.create(jwt.jwks());
        if (address.getScheme().equalsIgnoreCase("http")) {
            LOG.warn("auth.jwt.jwks is an http address: who controls the network to it can make valid tokens; use "
                + "https");
        }
        return new KeySetAddress(new Address(jwt.jwks()), new KeySetFetch(address, FETCH_WITHIN_MS)::fetch,
            KeyRules.of(jwt.rsaAlgorithm(), false), jwt.refresh(), System::nanoTime, errors);
    }

    @Override
    public Principal authenticate(final String text) throws TokenException {
        final Principal known = known(text);
        return known != null ? known : verified(text);
    }

    @Override
    public CompletableFuture<Principal> verify(final String text) {
        try {
            final Principal known = known(text);
            return known != null ? CompletableFuture.completedFuture(known) : workers.run(() -> verified(text));
        } catch (final TokenException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** The principal of a token that was verified before with a key that still is trusted; null if it is not known. */
    private Principal known(final String text) throws TokenException {
        SignedToken.checkSize(text);
        final Principal principal = verified.find(text);
        final KeySet keys = source.keys();
        if (principal == null || keys == null || !keys.hasCredential(principal.credential())) {
            return null;
        }
        if (claims.isExpired(principal)) {
            throw ClaimRules.expired();
        }
        return principal;
    }

    private Principal verified(final String text) throws TokenException {
        final VerifiedTokens known = verified;
        final SignedToken token = SignedToken.of(text);
        final KeySet keys = source.keys();
        SignedToken.demand(keys != null, "there are no keys that are still trusted");
        final VerificationKey key = keys.find(token.keyId());
        if (key == null) {
            source.onUnknownKey();
            throw TokenException.invalid("no key has the kid of the token");
        }
        SignedToken.demand(key.algorithm().equals(token.algorithm()), "alg is not the algorithm of the key");
        SignedToken.demand(token.isSignedBy(key), "the signature is wrong");
        final Principal principal = claims.principal(token.claims(), key.credential());
        known.add(text, principal);
        return principal;
    }

    @Override
    public void onChanged(final PrincipalListener listener) {
        source.onChanged(() -> listener.onChanged(this::current));
    }

    /** A principal ends with the key of its token. While no keys are trusted, sessions last as long as their tokens. */
    @Override
    public Principal current(final Principal held) {
        final KeySet keys = source.keys();
        return keys == null || keys.hasCredential(held.credential()) ? held : null;
    }

    @Override
    public void start() {
        source.start();
    }

    @Override
    public void close() {
        source.close();
        workers.close();
    }
}
