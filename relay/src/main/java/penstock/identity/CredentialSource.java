package penstock.identity;

/** An authenticator whose keys may change while it runs. Any thread. */
public interface CredentialSource extends Authenticator, AutoCloseable {
    /** Calls {@code listener} after each change; it must not block. One listener, set before {@link #start}. */
    void onChanged(PrincipalListener listener);

    /** Starts to look for changes, in a thread of its own. */
    void start();

    /** Stops to look for changes; tokens are still answered. */
    @Override
    void close();
}
