package penstock.time;

import penstock.config.ConfigSection;

/**
 * How often something may be done.
 *
 * @param permits   at most so many …
 * @param perMs     … in any stretch of so long, wherever it begins
 * @param spacingMs at least so long between two
 */
public record RateSpec(int permits, long perMs, long spacingMs) {
    /**
     * A venue's limit may be generous, and its reader still not like bursts: 4 a second is what the slowest known
     * takes.
     */
    private static final long LONGEST_DEFAULT_SPACING_MS = 250;
    private static final long DAY_MS = 24 * 3_600_000L;

    /**
     * Reads the object at {@code key}, null when it is absent; {@code isSpaced}: without {@code spacing} even, else in
     * bursts.
     */
    public static RateSpec read(final ConfigSection parent, final String key, final boolean isSpaced) {
        if (!parent.has(key)) {
            return null;
        }
        final ConfigSection section = parent.section(key);
        final RateSpec rate = read(section, isSpaced);
        section.refuseUnknownKeys();
        return rate;
    }

    /** The same, leaving other keys of the object to the caller. */
    public static RateSpec read(final ConfigSection section, final boolean isSpaced) {
        if (!section.has("permits")) {
            section.problem("permits", "is missing; say how many in how long: { permits = 5, per = 1s }");
        }
        final int permits = section.integer("permits", 1, 1, 100_000);
        final long perMs = section.durationMs("per", 1_000, 1, DAY_MS);
        final long spacingMs = isSpaced ? Math.min(perMs / permits, LONGEST_DEFAULT_SPACING_MS) : 0;
        return new RateSpec(permits, perMs, section.durationMs("spacing", spacingMs, 0, DAY_MS));
    }
}
