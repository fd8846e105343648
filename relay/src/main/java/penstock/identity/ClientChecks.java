package penstock.identity;

import java.util.concurrent.atomic.AtomicInteger;
import penstock.wire.RequestException;

/**
 * Whether the clients of the sessions of one shard still are clients, by the newest credentials. Owned by the shard's
 * io thread; {@link #onChanged} for any thread.
 */
public final class ClientChecks {
    private final AtomicInteger version = new AtomicInteger();
    private AccessControl control = AccessControl.OFF;

    /** Everyone is a client. */
    public ClientChecks() {
    }

    /** Clients have to show who they are, if {@code control} says so. */
    public void authenticate(final AccessControl newControl) {
        control = newControl;
    }

    /** The credentials of clients have changed. Any thread. */
    public void onChanged() {
        version.incrementAndGet();
    }

    /** Whether a client still is one; what it may see may have changed. */
    public boolean isClient(final SessionAccess client) {
        final int newest = version.get();
        return client.isChecked(newest) || client.recheck(control, newest);
    }

    /** A client shows a token again; see {@link SessionAccess#renew}. */
    public void renew(final SessionAccess client, final String token, final String requestId)
            throws RequestException {
        client.renew(control, token, requestId);
    }
}
