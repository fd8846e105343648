package penstock.identity;

import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import penstock.quota.Accounts;
import penstock.quota.Excess;
import penstock.quota.SessionQuota;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/**
 * Decides who clients are and what they may see; one for the whole relay. A client learns one of two things about a
 * token that is refused: it is not valid, or it has expired. Any thread.
 */
public final class AccessControl {
    /** Of a relay that serves everyone. */
    public static final AccessControl OFF = new AccessControl("none", token -> Principal.ANONYMOUS, null,
        Clock.systemUTC());

    private static final String INVALID = "the token is not valid";
    private static final String EXPIRED = "the token has expired: get a new one";
    private static final int BUSY_RETRY_MS = 1_000;

    private final String mode;
    private volatile Authenticator authenticator;
    /** Null: clients do not have to show who they are. */
    private volatile Products products;
    private final Clock clock;
    private final ProductRights rights;
    private final RefusalLog refusals = new RefusalLog();
    private final RightsHistory history = new RightsHistory();
    private volatile AccessWatch watch = AccessWatch.NONE;
    private volatile UnaryOperator<Principal> current = UnaryOperator.identity();
    private volatile Accounts accounts = Accounts.NONE;
    private volatile ForeignRights foreign = ForeignRights.NONE;

    /**
     * {@code mode} is the word for it in the welcome message; {@code clock} decides whether a token has expired.
     */
    public AccessControl(final String mode, final Authenticator authenticator, final Products products,
            final Clock clock) {
        this(mode, authenticator, products, clock, ProductRights.ALL);
    }

    /** {@code rights}: what is left of the products that keys and tokens name. */
    public AccessControl(final String mode, final Authenticator authenticator, final Products products,
            final Clock clock, final ProductRights rights) {
        this.mode = mode;
        this.authenticator = authenticator;
        this.products = products;
        this.clock = clock;
        this.rights = rights;
    }

    /**
     * Other credentials and products count from now on, also for sessions that are open: they are to be checked again.
     * Only if clients have to show who they are.
     */
    public void follow(final CredentialSource source, final Products granted) {
        products = granted;
        authenticator = source;
        current = source::current;
    }

    /** Of a relay that serves everyone, with limits of its own. */
    public static AccessControl ofEveryone() {
        return new AccessControl(OFF.mode, OFF.authenticator, null, OFF.clock);
    }

    /** What clients use is counted in {@code counted}. Before the first client. */
    public void limit(final Accounts counted) {
        accounts = counted;
    }

    /** A session of the client begins, on {@code address}: of IPv6 its network. */
    SessionQuota open(final Identity client, final String address) {
        return client.isEdge() ? SessionQuota.NONE
            : client == Identity.ANONYMOUS ? accounts.open(null, null, address)
            : accounts.open(client.principal().id(), client.principal().quotas(), address);
    }

    /** Counts a handshake of a client; null if it may go on. {@code client} is null if it is not known. */
    public Excess onHandshake(final Identity client) {
        return isNotCounted(client) ? null
            : accounts.onHandshake(client.principal().id(), client.principal().quotas());
    }

    /** Takes work of a client, which may be null too; null if it may be done. */
    public Excess onWork(final Identity client, final double units) {
        return isNotCounted(client) ? null
            : accounts.onWork(client.principal().id(), client.principal().quotas(), units);
    }

    private static boolean isNotCounted(final Identity client) {
        return client == null || client == Identity.ANONYMOUS || client.isEdge();
    }

    /** Whether clients have to show who they are. */
    public boolean isOn() {
        return products != null;
    }

    /** Since when clients have had their rights. */
    RightsHistory history() {
        return history;
    }

    /** The word for it in the welcome message. */
    public String mode() {
        return mode;
    }

    /**
     * Who shows this token.
     *
     * @param requestId the JSON text of the request's id, or null
     * @throws RequestException with {@code token_invalid} or {@code token_expired} if the token is not accepted
     */
    public Identity authenticate(final String token, final String requestId) throws RequestException {
        try {
            return identity(unlessRevoked(authenticator.authenticate(token)));
        } catch (final TokenException refused) {
            throw refusal(refused, requestId);
        }
    }

    /**
     * The principal that a token stands for: at once, or from another thread, because it may take a millisecond to find
     * out. Fails with the {@link RequestException} of {@link #authenticate}.
     */
    public CompletableFuture<Principal> verify(final String token, final String requestId) {
        return authenticator.verify(token).handle((principal, failure) -> {
            if (failure == null && !foreign.isRevoked(principal)) {
                return principal;
            }
            if (failure == null) {
                throw new CompletionException(invalid(requestId));
            }
            final Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            throw new CompletionException(
                cause instanceof TokenException refused ? refusal(refused, requestId) : cause);
        });
    }

    /**
     * The principal that a client's certificate stands for until its end; null if it stands for none.
     *
     * @param endsAtMs Unix time in milliseconds
     */
    public Principal certified(final String name, final long endsAtMs) {
        final Principal principal = authenticator.certified(name);
        return principal == null || clock.millis() >= endsAtMs || foreign.isRevoked(principal) ? null
            : principal.until(endsAtMs);
    }

    /** The refusal of a token whose client is not the one that the certificate stands for. */
    public RequestException otherThanCertified() {
        refusals.add("the token is of another client than the certificate");
        return invalid(null);
    }

    /** A verified principal, with what it may see, now or when its rights are known. Never fails. */
    public CompletableFuture<Identity> admit(final Principal principal) {
        return isOn() ? rights.ask(principal.id()).thenApply(asked -> identity(principal))
            : CompletableFuture.completedFuture(Identity.ANONYMOUS);
    }

    /** Completes when {@link #rightsOf} a client that has shown at an edge who it is is known. Never fails. */
    public CompletableFuture<Void> ask(final Principal reported) {
        return rights.ask(reported.id());
    }

    /** The principal has one session more; the result ends it. */
    public Runnable onSession(final Principal principal) {
        return rights.onSession(principal.id());
    }

    /** The refusal while too many clients wait until they are known. */
    public static RequestException busy(final String requestId) {
        return RequestException.memoryFull(null, "too many clients connect at the same time: try again", requestId,
            BUSY_RETRY_MS);
    }

    /** The refusal of a token or ticket that is not valid. */
    public static RequestException invalid(final String requestId) {
        return new RequestException(ErrorCode.TOKEN_INVALID, null, INVALID, requestId);
    }

    /** The refusal of a token that was valid. */
    public static RequestException expired(final String requestId) {
        return new RequestException(ErrorCode.TOKEN_EXPIRED, null, EXPIRED, requestId);
    }

    /** What a client is by now: the same object if nothing changed, null if it is no client any more. */
    public Identity current(final Identity held) {
        final Principal now = current.apply(held.principal());
        if (now == null || now.isExpired(clock.millis()) || foreign.isRevoked(now)) {
            return null;
        }
        final Identity identity = identity(now);
        return now == held.principal() && identity.entitlement().equals(held.entitlement()) ? held : identity;
    }

    /** What is by now of a client that has shown at an edge who it is; null if it is no client any more. */
    public CurrentRights rightsOf(final Principal reported) {
        final Principal now = current.apply(reported);
        return now == null || foreign.isRevoked(now) ? null : new CurrentRights(now, products(now));
    }

    /** What {@code other} says of clients counts from now on. */
    public void follow(final ForeignRights other) {
        foreign = other;
    }

    /** The principal that a credential stands for, unless another relay has revoked it. */
    private Principal unlessRevoked(final Principal principal) throws TokenException {
        if (foreign.isRevoked(principal)) {
            throw TokenException.invalid("the relay in front of this one has revoked it");
        }
        return principal;
    }

    private Set<String> products(final Principal principal) {
        final Set<String> said = foreign.products(principal);
        return said == null ? rights.left(principal) : said;
    }

    /** {@code next} learns who is entitled to what, from now on. */
    public void watch(final AccessWatch next) {
        watch = next;
    }

    /** The credentials changed, see {@link PrincipalListener}; open sessions are to be checked again. */
    public void onChanged(final UnaryOperator<Principal> changed) {
        current = changed;
    }

    private RequestException refusal(final TokenException refused, final String requestId) {
        refusals.add(refused.getMessage());
        return switch (refused.kind()) {
            case INVALID -> invalid(requestId);
            case EXPIRED -> expired(requestId);
            case BUSY -> busy(requestId);
        };
    }

    private Identity identity(final Principal principal) {
        if (!isOn()) {
            return Identity.ANONYMOUS;
        }
        final Identity identity = new Identity(principal, products.of(products(principal)));
        watch.onClient(principal, identity.entitlement());
        return identity;
    }
}
