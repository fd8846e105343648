package penstock.tap;

import java.util.HashMap;
import java.util.Map;

/**
 * Checks that nothing is lost: on one subscription, for each symbol, {@code q − previous q = c + 1}. A snapshot
 * restarts the count at its own q, never at an older one within an epoch. What a gap announced may be missing besides,
 * once.
 *
 * <p>Owned by the thread that reads the messages.
 */
final class SequenceLedger {
    private final Map<String, Map<String, Long>> lastOfSubscription = new HashMap<>();
    private final Map<String, Long> missedOfSubscription = new HashMap<>();
    private String epoch = "";
    private long brokenCount;

    /** Sequence numbers restart in a new epoch. */
    void onEpoch(final String newEpoch) {
        if (newEpoch != null && !newEpoch.equals(epoch)) {
            epoch = newEpoch;
            lastOfSubscription.clear();
            missedOfSubscription.clear();
        }
    }

    /** What comes next on the subscription has nothing to do with what came before. */
    void restart(final String subscription) {
        lastOfSubscription.remove(subscription);
        missedOfSubscription.remove(subscription);
    }

    /** A gap was announced: so many updates are missing on the subscription, of whichever symbols. */
    void onGap(final String subscription, final long missed) {
        missedOfSubscription.merge(subscription, missed, Long::sum);
    }

    /** Notes an entry of a snapshot; null, or what is wrong with it. */
    String onSnapshot(final String subscription, final String symbol, final long q) {
        final Long previous = of(subscription).put(symbol, q);
        return previous == null || q >= previous ? null
            : broken(subscription, symbol, "a snapshot of q " + q + " after q " + previous);
    }

    /** Notes an entry of an update; null, or what is wrong with it. */
    String onUpdate(final String subscription, final String symbol, final long q, final long c) {
        final Long previous = of(subscription).put(symbol, q);
        if (previous == null || q - previous == c + 1) {
            return null;
        }
        final long missed = q - previous - c - 1;
        final long announced = missedOfSubscription.getOrDefault(subscription, 0L);
        if (missed > 0 && missed <= announced) {
            missedOfSubscription.put(subscription, announced - missed);
            return null;
        }
        return broken(subscription, symbol, "q " + q + " with c " + c + " after q " + previous + ", q "
            + (previous + c + 1) + " expected"
            + (announced == 0 ? "" : "; " + missed + " missing, of which gaps announced " + announced));
    }

    /** What gaps announced, and no entry has shown yet by a jump. */
    long unmetCount() {
        return missedOfSubscription.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How often it was broken. */
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
