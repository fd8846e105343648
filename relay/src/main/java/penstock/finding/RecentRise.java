package penstock.finding;

import java.util.function.LongSupplier;

/** Whether a count rises, since when and by how much. Owned by the {@link FindingWatch} that looks at it. */
final class RecentRise {
    private final LongSupplier count;
    private final long quietUs;
    private long last;
    private long before;
    private long sinceUs;
    private long lastUs;
    private boolean hasRisen;

    /** Of {@code count}, which rises no more once it has stayed for {@code quietMs}. */
    RecentRise(final LongSupplier count, final long quietMs) {
        this.count = count;
        quietUs = quietMs * 1_000;
        last = count.getAsLong();
        before = last;
    }

    /** Reads the count. */
    void look(final long nowUs) {
        final long current = count.getAsLong();
        if (current <= last) {
            return;
        }
        if (!isRecent(nowUs)) {
            sinceUs = nowUs;
            before = last;
        }
        hasRisen = true;
        lastUs = nowUs;
        last = current;
    }

    /** Whether it rises. */
    boolean isRecent(final long nowUs) {
        return hasRisen && nowUs - lastUs <= quietUs;
    }

    /** Since when it rises. */
    long sinceUs() {
        return sinceUs;
    }

    /** By how much it has risen since then. */
    long by() {
        return last - before;
    }
}
