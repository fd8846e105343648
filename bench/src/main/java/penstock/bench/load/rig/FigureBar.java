package penstock.bench.load.rig;

import java.util.Locale;

/**
 * Target for a figure or a ratio.
 *
 * @param limit    the last value that meets it
 * @param isAtMost less is better
 */
public record FigureBar(double limit, boolean isAtMost) {
    public static FigureBar atMost(final double limit) {
        return new FigureBar(limit, true);
    }

    public static FigureBar atLeast(final double limit) {
        return new FigureBar(limit, false);
    }

    /** True if the value meets the bar; false for a figure that could not be taken. */
    public boolean holds(final double value) {
        return isAtMost ? value <= limit : value >= limit;
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "at %s %.4g", isAtMost ? "most" : "least", limit);
    }
}
