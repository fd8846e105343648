package penstock.replay;

/** A recording that cannot be read; the message begins with file and line. */
public final class RecordingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With what a person needs to mend it. */
    public RecordingException(final String message) {
        super(message);
    }

    /** The same, with what the reader of the file ran into. */
    public RecordingException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
