package penstock.config.relay;

import java.util.List;
import penstock.config.Inline;
import penstock.config.Secret;

/**
 * Authentication of subscribers. Immutable.
 *
 * @param keysFile path of the file of keys, null if there is none
 * @param sessions sessions of one principal at once, unless its key or token says otherwise; 0 = no limit
 * @param quotas   what one principal may ask for, over all its sessions
 * @param onExcess what happens to a session beyond the limit, unless the key says otherwise
 */
public record AuthConfig(Mode mode, String keysFile, int sessions, OnExcess onExcess, Quotas quotas, Jwt jwt,
        Rights rights) {
    /**
     * What one principal may ask for, over all its sessions; 0 = no limit.
     *
     * @param handshakesPerSecond handshakes
     * @param requestsPerSecond   requests
     * @param workPerSecond       work, as {@code limits.work-per-second} counts it
     * @param subscriptions       subscriptions at once
     * @param symbols             symbols and patterns at once
     */
    public record Quotas(int handshakesPerSecond, int requestsPerSecond, int workPerSecond, int subscriptions,
            int symbols) {
        /** No limit. */
        public static final Quotas NONE = new Quotas(0, 0, 0, 0, 0);
    }

    /** How subscribers authenticate. */
    public enum Mode {
        /** Not at all. */
        NONE,
        /** With a key of the keys file. */
        KEYS,
        /** With a token that an identity provider has signed. */
        JWT
    }

    /** What happens to a session of a principal that has as many as it may have. */
    public enum OnExcess {
        /** It is refused. */
        DENY_NEW,
        /** It begins, and the oldest one of the principal ends. */
        EVICT_OLDEST,
        /** It begins, and is counted. */
        COUNT
    }

    /** What a client is. */
    public enum Role {
        /** A subscriber. */
        CLIENT,
        /** A relay behind this one. */
        EDGE
    }

    /** The algorithm of RSA keys that do not name one; of others, type and curve decide. */
    public enum RsaAlgorithm {
        /** RSASSA-PKCS1-v1_5 with SHA-256. */
        RS256,
        /** With SHA-384. */
        RS384,
        /** With SHA-512. */
        RS512,
        /** RSASSA-PSS with SHA-256. */
        PS256,
        /** With SHA-384. */
        PS384,
        /** With SHA-512. */
        PS512
    }

    /**
     * Signed tokens.
     *
     * @param jwks     path of the file of the keys, or its http or https address; null if there is none
     * @param issuer   what {@code iss} must be
     * @param audience what {@code aud} must contain
     * @param skewMs   how far clocks may differ
     */
    public record Jwt(String jwks, String issuer, String audience, RsaAlgorithm rsaAlgorithm, long skewMs,
            @Inline Claims claims, @Inline Refresh refresh) {
        /** The address of the keys masked. */
        @Override
        public String toString() {
            return EffectiveConfig.oneLine(this);
        }
    }

    /**
     * Claims of a token that say what its client may do.
     *
     * @param productsClaim name of the claim with the products
     * @param sessionsClaim name of the claim with the limit of sessions; null if tokens name none
     * @param displayClaim  name of the claim that says whether people look at the data; null if tokens do not say it
     * @param quotasClaim   name of the claim with the quotas; null if tokens name none
     * @param roleClaim     name of the claim with the role; null if all are of subscribers
     */
    public record Claims(String productsClaim, String sessionsClaim, String displayClaim, String quotasClaim,
            String roleClaim) {
    }

    /**
     * When keys are fetched from an address.
     *
     * @param refreshMs         time from one fetch to the next
     * @param refetchAfterMs    the shortest time between two fetches that tokens with unknown keys cause
     * @param outageToleranceMs how long keys are used after the last fetch that succeeded
     */
    public record Refresh(long refreshMs, long refetchAfterMs, long outageToleranceMs) {
    }

    /**
     * A service of the operator that may take products away.
     *
     * @param url       its address with {@code {id}} in place of the client's name; null if there is none
     * @param token     secret that requests carry, null if none
     * @param refreshMs how long an answer is kept
     * @param graceMs   how long the last answer counts while the service fails
     */
    public record Rights(String url, @Secret String token, long refreshMs, long graceMs) {
        /** Address and token masked. */
        @Override
        public String toString() {
            return EffectiveConfig.oneLine(this);
        }
    }

    /**
     * Data that is granted as a whole. Immutable.
     *
     * @param feeds    the feeds that it is limited to; empty = all
     * @param channels its channels; empty = all
     * @param symbols  its symbols: exact names, and patterns with {@code *}
     * @param display  whether people look at the data, unless the key or token says otherwise; for licence accounting
     */
    public record Product(List<String> feeds, List<String> channels, List<String> symbols, boolean display) {
        /** For people, of all feeds. */
        public Product(final List<String> channels, final List<String> symbols) {
            this(List.of(), channels, symbols, true);
        }
    }
}
