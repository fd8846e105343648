package penstock.link;

/** The other relay cannot be followed, or does not serve us: the next address is tried. */
final class RefusedRelayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedRelayException(final String why) {
        super(why);
    }
}
