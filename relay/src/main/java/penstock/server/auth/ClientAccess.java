package penstock.server.auth;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import penstock.config.relay.AuthConfig.OnExcess;
import penstock.identity.AccessControl;
import penstock.identity.Identity;
import penstock.identity.Principal;
import penstock.quota.Excess;
import penstock.server.tls.ClientCertificate;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.request.RequestDecoder;

/** Who the client of a request is, for all io threads: by token, by ticket. Any thread. */
public final class ClientAccess {
    /** Of an exchange whose client is known. */
    public static final AttachmentKey<Identity> IDENTITY = AttachmentKey.create(Identity.class);

    /** How long a ticket is good for. */
    public static final long TICKET_MS = Tickets.VALID_MS;

    private final AccessControl access;
    private final Tickets tickets;
    private final PrincipalSessions sessions;
    private final Edges edges;
    private final boolean servesEdges;

    /** By the rules of {@code access}; {@code onExcess} applies to clients of which nothing else is said. */
    public ClientAccess(final AccessControl access, final OnExcess onExcess) {
        this(access, onExcess, true, System::nanoTime);
    }

    /** Of operators: no relay is among them. */
    public static ClientAccess ofOperators(final AccessControl access) {
        return new ClientAccess(access, OnExcess.DENY_NEW, false, System::nanoTime);
    }

    /** {@code nowNs} is a monotonic clock in nanoseconds. */
    private ClientAccess(final AccessControl access, final OnExcess onExcess, final boolean servesEdges,
            final LongSupplier nowNs) {
        this.servesEdges = servesEdges;
        this.access = access;
        sessions = new PrincipalSessions(onExcess);
        edges = new Edges(access, sessions);
        tickets = new Tickets(nowNs);
    }

    /** {@code onExcess} applies from the next session on. */
    public void follow(final OnExcess onExcess) {
        sessions.follow(onExcess);
    }

    /** Counts a handshake of a client, null if it is not known; null if it may go on. */
    public Excess onHandshake(final Identity client) {
        return access.onHandshake(client);
    }

    /** Takes work of a client, null if it is not known; null if it may be done. */
    public Excess onWork(final Identity client, final double units) {
        return access.onWork(client, units);
    }

    /** Whether clients have to show who they are. */
    public boolean isOn() {
        return access.isOn();
    }

    /**
     * Who the client is, now or later; null if the request says nothing of it. A token in the query is refused before
     * anything else, because it already is in too many logs. A ticket is used up. A certificate of the client says it,
     * unless a token or ticket does, which must be of the same client. Fails with a {@link RequestException} too.
     *
     * @throws RequestException if token or ticket are not accepted
     */
    public CompletableFuture<Principal> verify(final HttpServerExchange exchange, final boolean takesTicket)
            throws RequestException {
        final Credentials shown = Credentials.take(exchange, takesTicket);
        RequestDecoder.rejectSecrets(exchange.getQueryParameters());
        final Principal certified = certified(exchange);
        if (shown.token() != null) {
            return access.verify(shown.token(), null).thenApply(principal -> {
                if (isOther(principal, certified)) {
                    throw new CompletionException(access.otherThanCertified());
                }
                return principal;
            });
        }
        final Principal issuedTo = shown.ticket() == null ? certified : redeem(shown.ticket());
        if (isOther(issuedTo, certified)) {
            throw access.otherThanCertified();
        }
        return CompletableFuture.completedFuture(issuedTo);
    }

    private static boolean isOther(final Principal shown, final Principal certified) {
        return certified != null && !shown.id().equals(certified.id());
    }

    private Principal certified(final HttpServerExchange exchange) {
        final ClientCertificate certificate = ClientCertificate.of(exchange);
        return certificate == null ? null : access.certified(certificate.name(), certificate.endsAtMs());
    }

    /** The refusal of a request that shows nothing. */
    public static RequestException required() {
        return new RequestException(ErrorCode.AUTH_REQUIRED, null,
            "this relay serves known clients only: send Authorization: Bearer and your token", null);
    }

    /** Who shows this token in a message, now or later. Fails with a {@link RequestException}. */
    public CompletableFuture<Principal> verify(final String token, final String requestId) {
        return access.verify(token, requestId);
    }

    /** A verified client, with what it may see, now or when its rights are known. Never fails. */
    public CompletableFuture<Identity> admit(final Principal principal) {
        return access.admit(principal);
    }

    /** What a client is by now; null if it is no client any more. */
    public Identity current(final Identity identity) {
        return access.current(identity);
    }

    /**
     * Takes one of the sessions that the client may have.
     *
     * @param excess is passed what is done if all are in use
     * @return null if the session is refused
     */
    public Seat takeSession(final Identity identity, final Consumer<OnExcess> excess) {
        if (identity.isEdge()) {
            return edges.takeLink(identity.principal());
        }
        final PrincipalSessions.Taken taken = sessions.take(identity.principal());
        if (taken.excess() != null) {
            excess.accept(taken.excess());
        }
        if (taken.seat() != null) {
            taken.seat().onEnd(access.onSession(identity.principal()));
        }
        return taken.seat();
    }

    /** Who the client is, if it names itself an edge; see {@link EdgeName}. */
    public Identity withEdge(final HttpServerExchange exchange, final Identity client, final InetSocketAddress from)
            throws RequestException {
        return servesEdges ? EdgeName.check(exchange, client, from) : client;
    }

    /** The relays behind this one. */
    public Edges edges() {
        return edges;
    }

    /** A ticket for the client; null if too many tickets, of it or of all clients, are unused. */
    public String issueTicket(final Identity identity) {
        return tickets.issue(identity);
    }

    private Principal redeem(final String ticket) throws RequestException {
        final Identity issuedTo = tickets.redeem(ticket);
        final Identity now = issuedTo == null ? null : access.current(issuedTo);
        if (now == null) {
            throw AccessControl.invalid(null);
        }
        return now.principal();
    }
}
