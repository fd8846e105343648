package penstock.top;

import java.util.Locale;

/** Numbers as people read them, short. Stateless. */
final class FigureText {
    static final String UNKNOWN = "–";
    private static final double KILO = 1_000;
    private static final double MEGA = 1_000_000;
    private static final double GIGA = 1_000_000_000;
    private static final double TEN = 10;
    private static final double PERCENT = 100;
    private static final long US_PER_SECOND = 1_000_000;
    private static final long MINUTE = 60;
    private static final long HOUR = 3_600;
    private static final long DAY = 86_400;
    private static final long MS_PER_SECOND = 1_000;

    private FigureText() {
    }

    /** {@code 4,020}, {@code 1.2 M}. */
    static String count(final double value) {
        if (Double.isNaN(value)) {
            return UNKNOWN;
        }
        return value >= TEN * MEGA ? text("%.1f M", value / MEGA) : text("%,.0f", value);
    }

    /** The same for each second. */
    static String rate(final double value) {
        return count(value) + "/s";
    }

    /** {@code 12.3 MB}. */
    static String bytes(final double value) {
        if (Double.isNaN(value)) {
            return UNKNOWN;
        }
        return value >= GIGA ? text("%.1f GB", value / GIGA) : value >= MEGA ? text("%.1f MB", value / MEGA)
            : value >= KILO ? text("%.1f kB", value / KILO) : text("%.0f B", value);
    }

    /** {@code 12.3}. */
    static String ratio(final double value) {
        return Double.isNaN(value) ? UNKNOWN : text(value < TEN ? "%.2f" : "%.1f", value);
    }

    /** {@code 34 %}. */
    static String percent(final double part) {
        return Double.isNaN(part) ? UNKNOWN : text("%.0f %%", part * PERCENT);
    }

    /** A latency: {@code 0.42 ms}, {@code 1.2 s}. */
    static String latency(final double seconds) {
        if (Double.isNaN(seconds)) {
            return UNKNOWN;
        }
        final double ms = seconds * KILO;
        return ms < 1 ? text("%.3f ms", ms) : ms < KILO ? text("%.1f ms", ms) : text("%.1f s", seconds);
    }

    /** How long ago something was, in two units at most: {@code 12 s}, {@code 2 h 13 min}, {@code 3 d 1 h}. */
    static String since(final long fromUs, final long nowUs) {
        final long seconds = Math.max(0, nowUs - fromUs) / US_PER_SECOND;
        if (seconds < MINUTE) {
            return seconds + " s";
        }
        if (seconds < HOUR) {
            return seconds / MINUTE + " min " + seconds % MINUTE + " s";
        }
        return seconds < DAY ? seconds / HOUR + " h " + seconds % HOUR / MINUTE + " min"
            : seconds / DAY + " d " + seconds % DAY / HOUR + " h";
    }

    /** A duration in milliseconds: {@code 420 ms}, {@code 4.2 s}, {@code 2 min 3 s}. */
    static String ms(final long value) {
        return value < MS_PER_SECOND ? value + " ms" : value < MINUTE * MS_PER_SECOND
            ? text("%.1f s", value / KILO) : since(0, value * MS_PER_SECOND);
    }

    private static String text(final String format, final double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
