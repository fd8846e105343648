package penstock.identity;

import penstock.wire.CloseStatus;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;

/**
 * Who the client of a session is, and so what it may see, and until when. It may show a new token before its token
 * expires, and its rights may be withdrawn. Owned by the shard's io thread.
 */
public final class SessionAccess {
    private static final long US_PER_MS = 1_000;

    private Identity identity;

    /** Of a session of this client. */
    public SessionAccess(final Identity identity) {
        this.identity = identity;
    }

    /** Whether the client may see a topic. {@code symbol} is the name of an instrument, never a pattern. */
    public boolean permits(final String channel, final String symbol) {
        return identity.entitlement().permits(channel, symbol);
    }

    /** Whether the client may see everything. */
    public boolean permitsAll() {
        return identity.entitlement() == Entitlement.ALL;
    }

    /** Whether the client's token expires at all. */
    public boolean isTemporary() {
        return identity.principal().expiresAtMs() != Principal.NEVER;
    }

    /** Whether it has expired at a time in microseconds since 1970. */
    public boolean isExpired(final long epochUs) {
        return identity.principal().isExpired(epochUs / US_PER_MS);
    }

    /**
     * The client shows a token again.
     *
     * @param token     null if its request has none
     * @param requestId the JSON text of the request's id, or null
     * @throws RequestException if it is refused; then nothing changes
     */
    public void renew(final AccessControl control, final String token, final String requestId)
            throws RequestException {
        if (!control.isOn()) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/op",
                "authentication is off on this relay: no auth needed", requestId);
        }
        if (token == null) {
            throw new RequestException(ErrorCode.BAD_FIELD, "/token", "token is missing", requestId);
        }
        final Identity shown = control.authenticate(token, requestId);
        if (!shown.principal().id().equals(identity.principal().id())
                || !shown.entitlement().equals(identity.entitlement())) {
            throw new RequestException(ErrorCode.NOT_ENTITLED, "/token",
                "the token is of another client, or has other products than the session: open a new one", requestId);
        }
        identity = shown;
    }

    /** The credentials of clients have changed: how the session must end; null if it goes on. */
    public CloseStatus recheck(final AccessControl control) {
        final Identity current = control.current(identity);
        if (current == null) {
            return CloseStatus.UNAUTHENTICATED;
        }
        if (!current.entitlement().equals(identity.entitlement())) {
            // it may hold more than it may see now: it comes back with its new rights
            return CloseStatus.DRAINING;
        }
        identity = current;
        return null;
    }
}
