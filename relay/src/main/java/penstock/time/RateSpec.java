package penstock.time;

import penstock.config.ConfigSection;

/**
 * A rate limit.
 *
 * @param permits   number of actions …
 * @param perMs     … in any window of this length
 * @param spacingMs minimum time between two actions
 */
public record RateSpec(int permits, long perMs, long spacingMs) {
    /**
     * Default spacing is at most 250 ms: a venue may count generously and still read bursts slowly. The slowest known
     * venue takes 4 messages a second.
     */
    private static final long MAX_DEFAULT_SPACING_MS = 250;
    private static final long DAY_MS = 24 * 3_600_000L;

    /**
     * Reads the object at {@code key}, null if absent. {@code isSpaced}: spread actions evenly unless {@code spacing}
     * says otherwise; else allow bursts.
     */
    public static RateSpec read(final ConfigSection parent, final String key, final boolean isSpaced) {
        return parent.has(key) ? read(parent.section(key), isSpaced) : null;
    }

    /** Reads a rate from an object that has other keys too. */
    public static RateSpec read(final ConfigSection section, final boolean isSpaced) {
        if (!section.has("permits")) {
            section.problem("permits", "is missing; add a number and a period: { permits = 5, per = 1s }");
        }
        final int permits = section.integer("permits", 1, 1, 100_000);
        final long perMs = section.durationMs("per", 1_000, 1, DAY_MS);
        final long spacingMs = isSpaced ? Math.min(perMs / permits, MAX_DEFAULT_SPACING_MS) : 0;
        return new RateSpec(permits, perMs, section.durationMs("spacing", spacingMs, 0, DAY_MS));
    }
}
