package penstock.audit;

/**
 * How many lines of one cause are written per second: a second's worth at once, and the others are counted. Any thread.
 */
final class LineLimit {
    private static final double NS_PER_S = 1e9;

    private final int perSecond;
    private double room;
    private long filledNs;
    private long leftOut;

    /** {@code perSecond} lines; 0 = no limit. */
    LineLimit(final int perSecond, final long nowNs) {
        this.perSecond = perSecond;
        room = perSecond;
        filledNs = nowNs;
    }

    /** Whether one more line may be written; otherwise it is counted. */
    synchronized boolean admits(final long nowNs) {
        if (perSecond == 0) {
            return true;
        }
        room = Math.min(perSecond, room + (nowNs - filledNs) / NS_PER_S * perSecond);
        filledNs = nowNs;
        if (room >= 1) {
            room -= 1;
            return true;
        }
        leftOut++;
        return false;
    }

    /** Lines that were left out since the last call. */
    synchronized long takeLeftOut() {
        final long taken = leftOut;
        leftOut = 0;
        return taken;
    }
}
