package penstock.time;

import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.DurationKey;
import penstock.config.KeyTable.NumberKey;

/**
 * A rate limit.
 *
 * @param permits   number of actions …
 * @param perMs     … in any window of this length
 * @param spacingMs minimum time between two actions
 */
public record RateSpec(int permits, long perMs, long spacingMs) {
    private static final long DAY_MS = 24 * 3_600_000L;
    private static final KeyTable KEYS = KeyTable.of("");
    private static final NumberKey PERMITS = KEYS.number("permits", KeyTable.REQUIRED, 1, 1, 100_000, "Their number.");
    private static final DurationKey PER = KEYS.duration("per", 1_000, 1, DAY_MS, "Length of the window.");
    private static final DurationKey SPACING = KEYS.duration("spacing", 0, 0, DAY_MS, "Minimum time between two.");

    /**
     * Default spacing is at most 250 ms: a venue may count generously and still read bursts slowly. The slowest known
     * venue takes 4 messages a second.
     */
    private static final long MAX_DEFAULT_SPACING_MS = 250;

    /**
     * The keys of such an object.
     *
     * @param permits  what the limit counts
     * @param isSpaced as for {@link #read}
     */
    public static KeyTable keys(final String permits, final boolean isSpaced) {
        final KeyTable keys = KEYS.with(PERMITS.name(), KeyTable.REQUIRED, permits);
        return isSpaced ? keys.with(SPACING.name(), "`per`/`permits`, at most 250ms", "Minimum time between two.")
            : keys;
    }

    /**
     * Reads the object at {@code key}, null if absent. {@code isSpaced}: spread actions evenly unless {@code spacing}
     * says otherwise; else allow bursts.
     */
    public static RateSpec read(final ConfigSection parent, final String key, final boolean isSpaced) {
        return parent.has(key) ? read(parent.section(key), isSpaced) : null;
    }

    /** Reads a rate from an object that has other keys too. */
    public static RateSpec read(final ConfigSection section, final boolean isSpaced) {
        if (!section.has(PERMITS.name())) {
            section.problem(PERMITS.name(), "is missing; add a number and a period: { permits = 5, per = 1s }");
        }
        final int permits = PERMITS.read(section);
        final long perMs = PER.readMs(section);
        final long spacingMs = isSpaced ? Math.min(perMs / permits, MAX_DEFAULT_SPACING_MS) : 0;
        return new RateSpec(permits, perMs, SPACING.readMs(section, spacingMs));
    }
}
