package penstock.identity;

import java.util.function.LongSupplier;
import penstock.quota.SessionQuota;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.request.Request;

/**
 * Who the client of a session is, and so what it may see, and until when. It may show a new token before its token
 * expires, and its rights may change while the session runs. What it may see then is put into force between two
 * requests: until the session has done so, {@link #isChanging} is true, and it sends no data. Owned by the shard's io
 * thread.
 */
public final class SessionAccess {
    private static final long US_PER_MS = 1_000;

    private Identity identity;
    /** What the subscriptions of the session follow. */
    private Entitlement inForce;
    private int checked;
    /** The first position from which the client may resume. */
    private long sinceP;

    private SessionQuota quota = SessionQuota.NONE;
    /** Null unless the client is an edge. */
    private EdgeLink link;

    /** Of a session of this client. */
    public SessionAccess(final Identity identity) {
        this.identity = identity;
        inForce = identity.entitlement();
    }

    /** The client's name; null if the relay does not ask for it. */
    public String name() {
        return identity == Identity.ANONYMOUS ? null : identity.principal().id();
    }

    /** What the session takes of what its client may use. */
    public SessionQuota quota() {
        return quota;
    }

    void quota(final SessionQuota opened) {
        quota = opened;
    }

    /** Whether the client is a relay behind this one, with limits of its own. */
    public boolean isEdge() {
        return identity.isEdge();
    }

    /** The client is an edge, which reports its sessions to {@code opened}. */
    public void link(final EdgeLink opened) {
        link = opened;
    }

    /**
     * The client says which sessions it has.
     *
     * @throws RequestException if it is no edge, or if the report is not taken
     */
    public void report(final Request.Report report) throws RequestException {
        if (link == null) {
            throw new RequestException(ErrorCode.FORBIDDEN, "/op",
                "only a relay behind this one may report sessions: see role = edge in auth.keys-file", report.id());
        }
        link.onReport(report);
    }

    /** Who the client is by now. */
    public Identity identity() {
        return identity;
    }

    /** Whether the client may see a topic. {@code symbol} is the name of an instrument, never a pattern. */
    public boolean permits(final String channel, final String symbol) {
        return inForce.permits(channel, symbol);
    }

    /** What is in force. */
    public Entitlement entitlement() {
        return inForce;
    }

    /** Whether the client may see everything; then that does not change. */
    public boolean permitsAll() {
        return inForce == Entitlement.ALL;
    }

    /** Whether the client's token expires at all. */
    public boolean isTemporary() {
        return identity.principal().expiresAtMs() != Principal.NEVER;
    }

    /** Whether it has expired at a time in microseconds since 1970. */
    public boolean isExpired(final long epochUs) {
        return identity.principal().isExpired(epochUs / US_PER_MS);
    }

    /** Whether the client may see something else than what is in force. */
    public boolean isChanging() {
        return identity.entitlement() != inForce;
    }

    /** Whether what the client had at position {@code p} is what it may see. */
    public boolean mayResume(final long p) {
        return p >= sinceP;
    }

    /** The session begins. */
    void begin(final RightsHistory history, final LongSupplier position) {
        sinceP = history.begin(identity.principal().id(), inForce, position);
    }

    /** Puts into force what the client may see by now; returns what was in force before. */
    Entitlement change(final RightsHistory history, final long p) {
        final Entitlement before = inForce;
        inForce = identity.entitlement();
        sinceP = history.change(identity.principal().id(), inForce, p);
        return before;
    }

    /**
     * The client shows a token again.
     *
     * @param token     null if its request has none
     * @param requestId the JSON text of the request's id, or null
     * @throws RequestException if it is refused; then nothing changes
     */
    void renew(final AccessControl control, final String token, final String requestId)
            throws RequestException {
        if (!control.isOn()) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/op",
                "authentication is off on this relay: no auth needed", requestId);
        }
        if (token == null) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/token", "token is missing", requestId);
        }
        final Identity shown = control.authenticate(token, requestId);
        if (!shown.principal().id().equals(identity.principal().id()) || shown.isEdge() != isEdge()) {
            throw new RequestException(ErrorCode.NOT_ENTITLED, "/token",
                "the token is of another client than the session: open a new one", requestId);
        }
        become(shown);
    }

    /** Whether the client was checked against that version of the credentials. */
    boolean isChecked(final int version) {
        return checked == version;
    }

    /**
     * The credentials of clients have changed, to that version; false if the client is none any more, so that its
     * session must end.
     */
    boolean recheck(final AccessControl control, final int version) {
        checked = version;
        if (identity == Identity.BUS) {
            return true;
        }
        final Identity current = control.current(identity);
        final boolean isSame = current != null && current.isEdge() == isEdge();
        if (isSame) {
            become(current);
        }
        return isSame;
    }

    private void become(final Identity now) {
        // equal products may be compiled twice
        identity = now.entitlement().equals(inForce) ? new Identity(now.principal(), inForce) : now;
    }
}
