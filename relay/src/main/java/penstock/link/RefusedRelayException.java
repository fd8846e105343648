package penstock.link;

/** The other relay cannot be followed, or does not serve us: the next address is tried. */
public final class RefusedRelayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the reason, in words. */
    public RefusedRelayException(final String why) {
        super(why);
    }
}
