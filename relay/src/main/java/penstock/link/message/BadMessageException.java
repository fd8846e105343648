package penstock.link.message;

/** What the other relay sent is not the protocol: the connection ends, with these words for the operator. */
public final class BadMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** {@code what}: what was sent, and where in it. */
    public BadMessageException(final String what) {
        super(what);
    }
}
