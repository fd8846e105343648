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
    /** All that gaps reported, but for what the relay counts again. */
    private long reported;
    private long updates;
    private long conflated;
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
        updates++;
        conflated += c;
        return true;
    }

    /** Takes over what another one has counted. */
    void add(final GapLedger other) {
        missed += other.missed;
        reported += other.reported;
        updates += other.updates;
        conflated += other.conflated;
    }

    /** Updates that gaps announced and no entry has skipped yet. */
    long missed() {
        return missed;
    }

    /** Updates that gaps announced, since the beginning. */
    long reported() {
        return reported;
    }

    /** Updates that added up, since the beginning. */
    long updates() {
        return updates;
    }

    /** What was conflated into them. */
    long conflated() {
        return conflated;
    }

    void onGap(final long p, final long count) {
        gapMissed = count + (p == gapP ? gapMissed : 0);
        gapP = p;
        missed += count;
        reported += count;
    }

    /** The relay resumed at {@code p}: it counts again what a gap counted exactly there, or sends it. */
    void onResumed(final long p) {
        final long isVoid = gapP == p ? gapMissed : 0;
        missed -= isVoid;
        reported -= isVoid;
        onSubscribed();
    }

    /** What gaps counted before is not void any more. */
    void onSubscribed() {
        gapP = 0;
        gapMissed = 0;
    }

    /** The next sequences are the first ones again. */
    void clear() {
        missed = 0;
        onSubscribed();
    }
}
