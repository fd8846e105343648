package penstock.usage;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** The month (UTC) of a time; the last answer is kept, as it mostly is the next too. Owned by one thread. */
final class MonthOfTime {
    private YearMonth month = YearMonth.of(1970, 1);
    private long startMs;
    private long endMs;

    YearMonth of(final long ms) {
        if (ms < startMs || ms >= endMs) {
            month = YearMonth.from(Instant.ofEpochMilli(ms).atOffset(ZoneOffset.UTC));
            startMs = startMs(month);
            endMs = startMs(month.plusMonths(1));
        }
        return month;
    }

    /** The last millisecond of the month of a time. */
    long lastMs(final long ms) {
        of(ms);
        return endMs - 1;
    }

    private static long startMs(final YearMonth month) {
        return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
    }
}
