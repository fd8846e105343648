package penstock.identity.jwt;

import java.time.Clock;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.AuthConfig;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.identity.TokenException;
import penstock.text.PrintableText;

/** What the claims of a token must be, and the principal that they describe. Any thread. */
final class ClaimRules {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimRules.class);
    /** The end of the year 9999: a later time is a mistake, and could overflow. */
    private static final long MAX_SECONDS = 253_402_300_799L;
    private static final int MAX_SESSIONS = 1_000_000;
    private static final int MAX_QUOTA = 1_000_000_000;
    private static final int MAX_REPORTED = 100;

    private static final String CLIENT = "client";
    private static final String EDGE = "edge";

    private final AuthConfig.Jwt config;
    private final int sessions;
    private final Products products;
    private final Clock clock;
    private final Set<String> reported = ConcurrentHashMap.newKeySet();

    /** {@code sessions} applies to tokens that name no limit; {@code products} are those that are known. */
    ClaimRules(final AuthConfig.Jwt config, final int sessions, final Products products, final Clock clock) {
        this.config = config;
        this.sessions = sessions;
        this.products = products;
        this.clock = clock;
    }

    /** Checks the claims; the time last, so that only a token that is right in all else counts as expired. */
    Principal principal(final Map<String, Object> claims, final String credential) throws TokenException {
        SignedToken.demand(config.issuer().equals(claims.get("iss")), "iss is not auth.jwt.issuer");
        SignedToken.demand(isAudience(claims.get("aud")), "aud is not auth.jwt.audience");
        SignedToken.demand(claims.get("sub") instanceof String sub && Principal.problemOfId(sub) == null,
            "sub is missing, or it is no name of 1 to 128 characters");
        final long expiresMs = timeMs(claims, "exp") + config.skewMs();
        final long beginsMs = timeMs(claims, "nbf") - config.skewMs();
        final boolean isEdge = isEdge(claims);
        final Set<String> granted = granted(claims.get(config.claims().productsClaim()), isEdge);
        final int limit = limit(claims);
        final long nowMs = clock.millis();
        SignedToken.demand(nowMs >= beginsMs, "nbf is in the future");
        if (nowMs >= expiresMs) {
            throw expired();
        }
        return new Principal((String) claims.get("sub"), granted, limit, expiresMs, credential,
            new Principal.Terms(null, display(claims), quotas(claims), isEdge));
    }

    /** The refusal of a token whose time is over. */
    static TokenException expired() {
        return new TokenException(TokenException.Kind.EXPIRED, "exp is over");
    }

    /** True if the principal's token is no longer accepted. */
    boolean isExpired(final Principal principal) {
        return principal.isExpired(clock.millis());
    }

    private boolean isAudience(final Object claim) {
        return config.audience().equals(claim) || claim instanceof List<?> list && list.contains(config.audience());
    }

    /** Unix milliseconds of a claim in seconds, of which fractions are cut off. */
    private static long timeMs(final Map<String, Object> claims, final String name) throws TokenException {
        SignedToken.demand(claims.get(name) instanceof Number, name + " is missing, or no number");
        final double seconds = ((Number) claims.get(name)).doubleValue();
        SignedToken.demand(seconds >= 0 && seconds <= MAX_SECONDS, name + " is no time");
        return (long) seconds * 1_000;
    }

    private int limit(final Map<String, Object> claims) throws TokenException {
        final Object claim = config.claims().sessionsClaim() == null ? null
            : claims.get(config.claims().sessionsClaim());
        if (claim == null) {
            return sessions;
        }
        SignedToken.demand(claim instanceof Long number && number >= 0 && number <= MAX_SESSIONS,
            "the claim of auth.jwt.sessions-claim is no whole number from 0 to " + MAX_SESSIONS);
        return ((Long) claim).intValue();
    }

    /** Null if tokens have none. */
    private AuthConfig.Quotas quotas(final Map<String, Object> claims) throws TokenException {
        final Object claim = config.claims().quotasClaim() == null ? null : claims.get(config.claims().quotasClaim());
        SignedToken.demand(claim == null || claim instanceof Map<?, ?>,
            "the claim of auth.jwt.quotas-claim is no object");
        return claim == null ? null : new AuthConfig.Quotas(quota(claim, "handshakes-per-second"),
            quota(claim, "requests-per-second"), quota(claim, "work-per-second"), quota(claim, "subscriptions"),
            quota(claim, "symbols"));
    }

    private static int quota(final Object quotas, final String name) throws TokenException {
        final Object value = ((Map<?, ?>) quotas).get(name);
        SignedToken.demand(value == null || value instanceof Long number && number >= 0 && number <= MAX_QUOTA,
            "a number in the claim of auth.jwt.quotas-claim is no whole number from 0 to " + MAX_QUOTA);
        return value == null ? -1 : ((Long) value).intValue();
    }

    private Boolean display(final Map<String, Object> claims) throws TokenException {
        final Object claim = config.claims().displayClaim() == null ? null
            : claims.get(config.claims().displayClaim());
        SignedToken.demand(claim == null || claim instanceof Boolean,
            "the claim of auth.jwt.display-claim is neither true nor false");
        return (Boolean) claim;
    }

    private boolean isEdge(final Map<String, Object> claims) throws TokenException {
        final Object claim = config.claims().roleClaim() == null ? null : claims.get(config.claims().roleClaim());
        SignedToken.demand(claim == null || CLIENT.equals(claim) || EDGE.equals(claim),
            "the claim of auth.jwt.role-claim is neither client nor edge");
        return EDGE.equals(claim);
    }

    /** An edge, unless it is said of it, sees what all products have. */
    private Set<String> granted(final Object claim, final boolean isEdge) throws TokenException {
        if (claim == null && (products.isDecidedElsewhere() || isEdge)) {
            return products.names();
        }
        final Collection<?> names = claim == null ? List.of()
            : claim instanceof String text ? Arrays.asList(text.trim().split(" +"))
            : claim instanceof List<?> list ? list : null;
        SignedToken.demand(names != null && names.stream().allMatch(String.class::isInstance),
            "the claim of auth.jwt.products-claim is neither a list of texts nor a text");
        final Set<String> granted = new HashSet<>();
        for (final Object name : names) {
            if (products.names().contains(name)) {
                granted.add((String) name);
            } else {
                report((String) name);
            }
        }
        return granted;
    }

    /** The name comes from the identity provider, whose signature was right; still, their number is bounded. */
    private void report(final String name) {
        if (!name.isEmpty() && reported.size() < MAX_REPORTED && reported.add(PrintableText.escape(name, 64))) {
            LOG.warn("a token names the product {}, which the configuration does not have; it is ignored{}",
                PrintableText.escape(name, 64), reported.size() < MAX_REPORTED ? "" : ", and so are further ones");
        }
    }
}
