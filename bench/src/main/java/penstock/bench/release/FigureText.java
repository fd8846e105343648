package penstock.bench.release;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Locale;

/** Figures as a page shows them, and what a few rounds tell. Stateless. */
final class FigureText {
    private static final MathContext DIGITS = new MathContext(3);

    private FigureText() {
    }

    /** Three significant digits, never an exponent; a dash for an unknown value. */
    static String plain(final double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return "–";
        }
        if (Math.abs(value) < 0.001) {
            return value == 0 ? "0" : "< 0.001";
        }
        if (Math.abs(value) >= 1000) {
            return String.format(Locale.ROOT, "%,d", Math.round(value));
        }
        final BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        return rounded.setScale(Math.max(0, rounded.scale()), RoundingMode.UNNECESSARY).toPlainString();
    }

    static String percent(final double part) {
        return String.format(Locale.ROOT, "%+.0f %%", 100 * part);
    }

    /** Half of what lies between the lowest and the highest; NaN with fewer than two. */
    static double halfRange(final double... rounds) {
        final double[] known = Arrays.stream(rounds).filter(each -> !Double.isNaN(each)).toArray();
        return known.length < 2 ? Double.NaN
            : (Arrays.stream(known).max().getAsDouble() - Arrays.stream(known).min().getAsDouble()) / 2;
    }
}
