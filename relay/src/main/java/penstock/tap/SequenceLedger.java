package penstock.tap;

import java.util.HashMap;
import java.util.Map;

/**
 * Checks that no update is lost: on one subscription, for each symbol, {@code q − previous q = c + 1}. A snapshot
 * restarts the count at its own q, which is never older within an epoch. Updates that a gap announced may be missing
 * too, once; for a client that resumes at the position of a gap the relay counts them again.
 *
 * <p>Owned by the thread that reads the messages.
 */
final class SequenceLedger {
    private final Map<String, Map<String, Long>> lastOfSubscription = new HashMap<>();
    private final Map<String, Missed> missedOfSubscription = new HashMap<>();
    private String epoch = "";
    private long brokenCount;

    /** What gaps of one subscription announced. */
    private static final class Missed {
        /** Updates that no entry has skipped yet. */
        private long unconfirmed;
        private long gapP = -1;
        /** What gaps with that position announced. */
        private long atGapP;
    }

    /** Sequence numbers restart in a new epoch. */
    void onEpoch(final String newEpoch) {
        if (newEpoch != null && !newEpoch.equals(epoch)) {
            epoch = newEpoch;
            lastOfSubscription.clear();
            missedOfSubscription.clear();
        }
    }

    /** The next message of the subscription starts a new count. */
    void restart(final String subscription) {
        lastOfSubscription.remove(subscription);
        missedOfSubscription.remove(subscription);
    }

    /** The relay has forgotten a symbol, or the client may not see it any more: its next entry starts a new count. */
    void forget(final String subscription, final String symbol) {
        of(subscription).remove(symbol);
    }

    /** A gap of position {@code p} announced {@code count} missing updates of any symbols of the subscription. */
    void onGap(final String subscription, final long p, final long count) {
        final Missed missed = missedOfSubscription.computeIfAbsent(subscription, ignored -> new Missed());
        missed.unconfirmed += count;
        missed.atGapP = count + (p == missed.gapP ? missed.atGapP : 0);
        missed.gapP = p;
    }

    /**
     * The relay resumed the subscription at position {@code p}; returns how many missing updates are void, because gaps
     * with that position announced them and others will again.
     */
    long onResumed(final String subscription, final long p) {
        final Missed missed = missedOfSubscription.get(subscription);
        if (missed == null || missed.gapP != p) {
            return 0;
        }
        missed.unconfirmed -= missed.atGapP;
        missed.gapP = -1;
        return missed.atGapP;
    }

    /** Checks an entry of a snapshot; returns the problem, or null. */
    String onSnapshot(final String subscription, final String symbol, final long q) {
        final Long previous = of(subscription).put(symbol, q);
        return previous == null || q >= previous ? null
            : broken(subscription, symbol, "a snapshot of q " + q + " after q " + previous);
    }

    /** Checks an entry of an update; returns the problem, or null. */
    String onUpdate(final String subscription, final String symbol, final long q, final long c) {
        final Long previous = of(subscription).put(symbol, q);
        if (previous == null || q - previous == c + 1) {
            return null;
        }
        final long missed = q - previous - c - 1;
        final Missed gaps = missedOfSubscription.get(subscription);
        final long announced = gaps == null ? 0 : gaps.unconfirmed;
        if (missed > 0 && missed <= announced) {
            gaps.unconfirmed -= missed;
            return null;
        }
        return broken(subscription, symbol, "q " + q + " with c " + c + " after q " + previous + ", q "
            + (previous + c + 1) + " expected"
            + (announced == 0 ? "" : "; " + missed + " missing, of which gaps announced " + announced));
    }

    /** Updates that gaps announced and no entry has skipped yet. */
    long unconfirmedCount() {
        return missedOfSubscription.values().stream().mapToLong(missed -> missed.unconfirmed).sum();
    }

    /** Number of breaches. */
    long brokenCount() {
        return brokenCount;
    }

    private Map<String, Long> of(final String subscription) {
        return lastOfSubscription.computeIfAbsent(subscription, ignored -> new HashMap<>());
    }

    private String broken(final String subscription, final String symbol, final String what) {
        brokenCount++;
        return "LEDGER BROKEN " + symbol + " on subscription " + subscription + ": " + what;
    }
}
