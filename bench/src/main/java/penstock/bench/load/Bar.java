package penstock.bench.load;

import java.util.Locale;

/**
 * What a figure or ratio should keep to.
 *
 * @param limit    the last value that does
 * @param isAtMost less is better
 */
record Bar(double limit, boolean isAtMost) {
    static Bar atMost(final double limit) {
        return new Bar(limit, true);
    }

    static Bar atLeast(final double limit) {
        return new Bar(limit, false);
    }

    /** False for a figure that could not be taken. */
    boolean holds(final double value) {
        return isAtMost ? value <= limit : value >= limit;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "at %s %.4g", isAtMost ? "most" : "least", limit);
    }
}
