package penstock.identity;

import java.util.Collection;

/** An authenticator whose keys may change while it runs. Any thread. */
public interface CredentialSource extends Authenticator, AutoCloseable {
    /** Calls {@code listener} after each change; it must not block. One listener, set before {@link #start}. */
    void onChanged(PrincipalListener listener);

    /** What a principal is by now: the same object if it did not change, null if it is none any more. */
    Principal current(Principal held);

    /** The clients that are accepted now, if they are known before they come; null if not. */
    default Collection<Principal> clients() {
        return null;
    }

    /** Starts to look for changes, in a thread of its own. */
    void start();

    /** Stops to look for changes; tokens are still answered. */
    @Override
    void close();
}
