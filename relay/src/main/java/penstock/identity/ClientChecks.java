package penstock.identity;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import penstock.wire.RequestException;

/**
 * Whether the clients of the sessions of one shard still are clients, by the newest credentials. Owned by the shard's
 * io thread; {@link #onChanged} for any thread.
 */
public final class ClientChecks {
    private final AtomicInteger version = new AtomicInteger();
    private final AtomicBoolean isLookDue = new AtomicBoolean();
    private AccessControl control = AccessControl.OFF;

    /** Everyone is a client. */
    public ClientChecks() {
    }

    /** Clients have to show who they are, if {@code control} says so. */
    public void authenticate(final AccessControl newControl) {
        control = newControl;
    }

    /** A session of the client begins, on {@code address}: of IPv6 its network. */
    public void onSession(final SessionAccess client, final String address) {
        client.quota(control.open(client.identity(), address));
    }

    /**
     * The credentials of clients have changed. Any thread. Returns whether the sessions are to be looked through; if
     * not, they will be, for a change before.
     */
    public boolean onChanged() {
        version.incrementAndGet();
        return !isLookDue.getAndSet(true);
    }

    /** The sessions are looked through now: changes from now on need another look. */
    public void onLook() {
        isLookDue.set(false);
    }

    /** Whether a client still is one; what it may see may have changed. */
    public boolean isClient(final SessionAccess client) {
        final int newest = version.get();
        return client.isChecked(newest) || client.recheck(control, newest);
    }

    /** A session begins; {@code position} may be asked for the position of the newest update. */
    public void begin(final SessionAccess client, final LongSupplier position) {
        if (control.isOn()) {
            client.begin(control.history(), position);
        }
    }

    /** The session has what it may see by now in force, behind position {@code p}; returns what was in force before. */
    public Entitlement change(final SessionAccess client, final long p) {
        return client.change(control.history(), p);
    }

    /** A client shows a token again; see {@link SessionAccess#renew}. */
    public void renew(final SessionAccess client, final String token, final String requestId)
            throws RequestException {
        client.renew(control, token, requestId);
    }
}
