package penstock.replay;

/**
 * How fast a recording is played.
 *
 * @param factor multiple of the recorded speed; 0 = as fast as the clients read
 */
public record ReplaySpeed(double factor) {
    /** As fast as the clients read. */
    public static final ReplaySpeed MAX = new ReplaySpeed(0);
    /** The recorded speed. */
    public static final ReplaySpeed RECORDED = new ReplaySpeed(1);

    /** @throws IllegalArgumentException if {@code factor} is out of range */
    public ReplaySpeed {
        if (!(factor >= 0 && factor <= 1_000_000)) {
            throw new IllegalArgumentException("speed must be above 0 and at most 1000000, or 'max', got " + factor);
        }
    }

    /** Reads {@code max} or a number above 0. */
    public static ReplaySpeed parse(final String text) {
        if (text.equals("max")) {
            return MAX;
        }
        try {
            final ReplaySpeed speed = new ReplaySpeed(Double.parseDouble(text));
            if (!speed.isMax()) {
                return speed;
            }
        } catch (final NumberFormatException e) {
            throw new IllegalArgumentException("speed must be a number above 0, or 'max', got '" + text + "'", e);
        }
        throw new IllegalArgumentException("speed must be a number above 0, or 'max', got '" + text + "'");
    }

    /** True if the recorded times are ignored. */
    public boolean isMax() {
        return factor == 0;
    }

    @Override
    public String toString() {
        return isMax() ? "max" : factor == Math.rint(factor) ? Long.toString((long) factor) : Double.toString(factor);
    }
}
