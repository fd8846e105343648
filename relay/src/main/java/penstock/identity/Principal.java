package penstock.identity;

import java.util.Set;
import penstock.config.relay.AuthConfig;
import penstock.quota.QuotaLimits;
import penstock.text.PrintableText;

/**
 * A client that has shown who it is. It never holds the token. Immutable.
 *
 * @param id          name of the client, 1 to 128 characters, none of them a control character
 * @param products    names of the products granted to it, all of them known
 * @param maxSessions sessions that it may have at once; 0 = no limit
 * @param expiresAtMs Unix time in milliseconds from which its token is no longer accepted; {@link #NEVER} = always is
 * @param credential  what vouches for it, for logs: a part of a key's hash, or the name of the key that signed a token
 * @param terms       what else is said of it
 */
public record Principal(String id, Set<String> products, int maxSessions, long expiresAtMs, String credential,
        Terms terms) {
    /**
     * What is said of one client only. Immutable.
     *
     * @param onExcess  what happens to a session beyond the limit; null = as {@code auth.on-excess} says
     * @param isDisplay true if people look at its data, false if programs use it; null = as each product says
     * @param quotas    what it may ask for; null, or less than 0 = as {@code auth.quotas} says
     * @param isEdge    whether it is no subscriber but a relay behind this one
     */
    public record Terms(AuthConfig.OnExcess onExcess, Boolean isDisplay, AuthConfig.Quotas quotas, boolean isEdge) {
        /** Nothing is said. */
        public static final Terms NONE = new Terms(null, null, null);
        /** Of an edge of which nothing else is said. */
        static final Terms EDGE = new Terms(null, null, null, true);

        /** Of a subscriber. */
        public Terms(final AuthConfig.OnExcess onExcess, final Boolean isDisplay, final AuthConfig.Quotas quotas) {
            this(onExcess, isDisplay, quotas, false);
        }
    }

    /** The time of expiry of what does not expire. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Every client of a relay that does not ask who it is. */
    public static final Principal ANONYMOUS = new Principal("anonymous", Set.of(), 0, NEVER, "none");

    /** The relay itself, which sends to a bus: nothing takes its rights away. */
    public static final Principal BUS = new Principal("bus", Set.of(), 0, NEVER, "none", Terms.EDGE);

    private static final int MAX_ID_CHARS = 128;

    /** Throws {@link IllegalArgumentException} if the id breaks its rule. */
    public Principal {
        final String problem = problemOfId(id);
        if (problem != null) {
            throw new IllegalArgumentException("the id " + problem);
        }
        products = Set.copyOf(products);
    }

    /** A principal of which nothing else is said. */
    public Principal(final String id, final Set<String> products, final int maxSessions, final long expiresAtMs,
            final String credential) {
        this(id, products, maxSessions, expiresAtMs, credential, Terms.NONE);
    }

    /** What happens to a session beyond the limit; null = as {@code auth.on-excess} says. */
    public AuthConfig.OnExcess onExcess() {
        return terms.onExcess();
    }

    /** True if people look at its data, false if programs use it; null = as each product says. */
    public Boolean isDisplay() {
        return terms.isDisplay();
    }

    /** Whether it is a relay behind this one: its session is a link, with limits of its own. */
    public boolean isEdge() {
        return terms.isEdge();
    }

    /** What it may ask for, where that is said of it alone; null if nothing is. */
    QuotaLimits quotas() {
        final AuthConfig.Quotas own = terms.quotas();
        return own == null ? null : QuotaLimits.of(own.handshakesPerSecond(), own.requestsPerSecond(),
            own.workPerSecond(), own.subscriptions(), own.symbols());
    }

    /** What is wrong with an id, as the end of a sentence; null if it follows the rule. */
    public static String problemOfId(final String id) {
        if (id.isEmpty() || id.length() > MAX_ID_CHARS) {
            return "must have 1 to " + MAX_ID_CHARS + " characters, has " + id.length();
        }
        return PrintableText.firstUnprintable(id) < 0 ? null : "has a control character";
    }

    /** The same, with another credential. */
    public Principal with(final String otherCredential) {
        return new Principal(id, products, maxSessions, expiresAtMs, otherCredential, terms);
    }

    /** The same, until another time. */
    public Principal until(final long endMs) {
        return endMs == expiresAtMs ? this
            : new Principal(id, products, maxSessions, endMs, credential, terms);
    }

    /** True if its token is no longer accepted at {@code nowMs} in Unix milliseconds. */
    public boolean isExpired(final long nowMs) {
        return nowMs >= expiresAtMs;
    }
}
