package penstock.usage;

/**
 * The bounds of a ledger. Immutable.
 *
 * @param intervalMs       milliseconds between two appends, and between two rounds of handing over
 * @param maxKeys          combinations of principal, device, product and display that wait at a time, in each io
 *                         thread and in the writer; beyond that, new devices of a principal share a record
 * @param linesPerInterval records of use in an interval; others wait, the oldest first
 */
public record UsageSettings(long intervalMs, int maxKeys, int linesPerInterval) {
    private static final long MINUTE_MS = 60_000;

    /** @throws IllegalArgumentException if a number is below 1 */
    public UsageSettings {
        if (intervalMs < 1 || maxKeys < 1 || linesPerInterval < 1) {
            throw new IllegalArgumentException("the settings of a usage ledger must be above 0, got " + intervalMs
                + " ms, " + maxKeys + " keys, " + linesPerInterval + " lines");
        }
    }

    /** A minute, 20,000 keys, 200 lines: about 3 GB a month at most, 0.5 MB a day for one busy session. */
    public static UsageSettings standard() {
        return new UsageSettings(MINUTE_MS, 20_000, 200);
    }
}
