package penstock.recording;

/** A recording cannot be read; the message starts with file and line. */
public final class RecordingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** {@code message} says how to correct the file. */
    public RecordingException(final String message) {
        super(message);
    }

    /** The same, with the failure of the file's reader. */
    public RecordingException(final String message, final Throwable cause) {
        super(message, cause);
    }
}
