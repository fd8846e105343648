package penstock.config;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses and formats durations and sizes as the configuration spells them. Stateless. */
public final class ConfigUnits {
    private static final String[] DURATIONS = {"d", "h", "m", "s"};
    private static final long[] DURATIONS_MS = {86_400_000, 3_600_000, 60_000, 1_000};
    private static final String[] SIZES = {"GiB", "MiB", "k"};
    private static final long[] SIZES_BYTES = {1L << 30, 1L << 20, 1L << 10};

    private static final Pattern PARTS = Pattern.compile("(?:[0-9]{1,9}(?:d|h|m|s|ms) ?){2,5}");
    private static final Pattern PART = Pattern.compile("([0-9]+)([a-z]+)");

    private ConfigUnits() {
    }

    /** Milliseconds of a duration with several parts like {@code 23h45m}; -1 for any other text. */
    public static long partsMs(final String text) {
        long ms = -1;
        if (PARTS.matcher(text).matches()) {
            ms = 0;
            final Matcher part = PART.matcher(text);
            while (part.find()) {
                final int unit = List.of(DURATIONS).indexOf(part.group(2));
                ms += Long.parseLong(part.group(1)) * (unit < 0 ? 1 : DURATIONS_MS[unit]);
            }
        }
        return ms;
    }

    /** {@code 90s}, {@code 100ms}; 0 has no unit. */
    public static String duration(final long ms) {
        return ms % 1_000 == 0 && ms < 120_000 && ms != 0 ? ms / 1_000 + "s"
            : scaled(ms, DURATIONS, DURATIONS_MS, "ms");
    }

    /** {@code 64k}, {@code 8MiB}: powers of 1024; less than 1 KiB has no unit. */
    public static String bytes(final long count) {
        return scaled(count, SIZES, SIZES_BYTES, "");
    }

    private static String scaled(final long value, final String[] units, final long[] sizes, final String smallest) {
        for (int i = 0; i < units.length && value != 0; i++) {
            if (value % sizes[i] == 0) {
                return value / sizes[i] + units[i];
            }
        }
        return value == 0 ? "0" : value + smallest;
    }
}
