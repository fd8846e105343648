package penstock.venue.plugin;

/**
 * A plugin can't do its work, and could not the next time either: the relay ends, as it does when the venue refuses the
 * login.
 */
public final class FatalPluginException extends Exception {
    private static final long serialVersionUID = 1;

    /** {@code message} is for the operator and goes into the log: no secrets. */
    public FatalPluginException(final String message) {
        super(message);
    }

    /** With what was wrong. */
    public FatalPluginException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
