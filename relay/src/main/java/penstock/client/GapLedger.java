package penstock.client;

/**
 * The ledger of a subscription: for each topic {@code q − previous q = c + 1}, unless gaps announced missing updates.
 * The sum of all jumps may not exceed the sum that gaps announced.
 *
 * <p>Owned by the client's thread.
 */
final class GapLedger {
    /** Updates that gaps reported missing and whose place is not known yet. */
    private long missed;
    /** The position of the last gap, and what was counted there. */
    private long gapP;
    private long gapMissed;

    /** Whether an update of a topic adds up. */
    boolean accepts(final long previous, final long q, final long c) {
        final long jump = q - previous - 1 - c;
        if (jump < 0 || jump > missed) {
            return false;
        }
        missed -= jump;
        return true;
    }

    /** Updates that gaps announced and no entry has skipped yet. */
    long missed() {
        return missed;
    }

    void onGap(final long p, final long count) {
        gapMissed = count + (p == gapP ? gapMissed : 0);
        gapP = p;
        missed += count;
    }

    /** The relay resumed at {@code p}: it counts again what a gap counted exactly there, or sends it. */
    void onResumed(final long p) {
        missed -= gapP == p ? gapMissed : 0;
        onSubscribed();
    }

    /** What gaps counted before is not void any more. */
    void onSubscribed() {
        gapP = 0;
        gapMissed = 0;
    }

    /** Counts begin again. */
    void clear() {
        missed = 0;
        onSubscribed();
    }
}
