package penstock.bench.release.run;

/** A release that cannot go on; the message says why and what to do. */
public final class ReleaseFailure extends Exception {
    private static final long serialVersionUID = 1;

    public ReleaseFailure(final String message) {
        super(message);
    }
}
