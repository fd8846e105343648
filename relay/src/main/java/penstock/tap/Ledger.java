package penstock.tap;

import java.util.HashMap;
import java.util.Map;

/**
 * Checks that nothing is lost: on one subscription, for each symbol, {@code q − previous q = c + 1}. A snapshot restarts the count at its
 * own q, never at an older one within an epoch.
 *
 * <p>Owned by the thread that reads the messages.
 */
final class Ledger {
    private final Map<String, Map<String, Long>> lastOfSubscription = new HashMap<>();
    private String epoch = "";
    private long brokenCount;

    /** Sequence numbers restart in a new epoch. */
    void onEpoch(final String newEpoch) {
        if (newEpoch != null && !newEpoch.equals(epoch)) {
            epoch = newEpoch;
            lastOfSubscription.clear();
        }
    }

    /** A gap was announced: the count of the subscription restarts. */
    void onGap(final String subscription) {
        lastOfSubscription.remove(subscription);
    }

    /** Notes an entry of a snapshot; null, or what is wrong with it. */
    String onSnapshot(final String subscription, final String symbol, final long q) {
        final Long previous = of(subscription).put(symbol, q);
        return previous == null || q >= previous ? null : broken(subscription, symbol, "a snapshot of q " + q + " after q " + previous);
    }

    /** Notes an entry of an update; null, or what is wrong with it. */
    String onUpdate(final String subscription, final String symbol, final long q, final long c) {
        final Long previous = of(subscription).put(symbol, q);
        return previous == null || q - previous == c + 1
            ? null
            : broken(subscription, symbol, "q " + q + " with c " + c + " after q " + previous + ", q " + (previous + c + 1) + " expected");
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
