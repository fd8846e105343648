package penstock.replay;

/**
 * How fast a recording is played.
 *
 * @param factor times the recorded pace; 0 is "as fast as the clients take it"
 */
public record Speed(double factor) {
    /** As fast as the clients take it. */
    public static final Speed MAX = new Speed(0);
    /** The recorded pace. */
    public static final Speed RECORDED = new Speed(1);

    /** Refuses what is not a pace. */
    public Speed {
        if (!(factor >= 0 && factor <= 1_000_000)) {
            throw new IllegalArgumentException("speed must be above 0 and at most 1000000, or 'max', got " + factor);
        }
    }

    /** Reads {@code max} or a number above 0. */
    public static Speed parse(final String text) {
        if (text.equals("max")) {
            return MAX;
        }
        try {
            final Speed speed = new Speed(Double.parseDouble(text));
            if (!speed.isMax()) {
                return speed;
            }
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException("speed must be a number above 0, or 'max', got '" + text + "'", e);
        }
        throw new IllegalArgumentException("speed must be a number above 0, or 'max', got '" + text + "'");
    }

    /** No pace at all. */
    public boolean isMax() {
        return factor == 0;
    }

    @Override
    public String toString() {
        return isMax() ? "max" : factor == Math.rint(factor) ? Long.toString((long) factor) : Double.toString(factor);
    }
}
