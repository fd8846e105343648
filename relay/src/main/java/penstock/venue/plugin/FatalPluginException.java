package penstock.venue.plugin;

/**
 * A plugin cannot do its work, and a retry cannot help: the relay exits, as it does when the venue rejects the login.
 */
public final class FatalPluginException extends Exception {
    private static final long serialVersionUID = 1;

    /** {@code message} goes into the log for the operator: no secrets. */
    public FatalPluginException(final String message) {
        super(message);
    }

    /** With the cause. */
    public FatalPluginException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
