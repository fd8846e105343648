package penstock.usage;

import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tallies by key and month, oldest first. Beyond {@code maxKeys}, new devices of a principal and product share one
 * tally, so the sums stay exact. Owned by the thread that holds it; it changes hands whole.
 */
final class UsageBatch {
    /** A key in a month. */
    record Slot(UsageKey key, YearMonth month) {
    }

    private final Map<Slot, UsageTally> tallies = new LinkedHashMap<>();
    private final int maxKeys;

    UsageBatch(final int maxKeys) {
        this.maxKeys = maxKeys;
    }

    /** The tally of a key, or of the other devices if there is no room for it. */
    UsageTally tally(final UsageKey key, final YearMonth month) {
        final Slot slot = new Slot(key, month);
        final UsageTally known = tallies.get(slot);
        if (known != null) {
            return known;
        }
        return tallies.size() < maxKeys ? create(slot)
            : tallies.computeIfAbsent(new Slot(key.ofOtherDevices(), month), others -> new UsageTally());
    }

    void addAll(final UsageBatch other) {
        other.tallies.forEach((slot, tally) -> tally(slot.key(), slot.month()).add(tally));
    }

    Map<Slot, UsageTally> tallies() {
        return tallies;
    }

    private UsageTally create(final Slot slot) {
        final UsageTally tally = new UsageTally();
        tallies.put(slot, tally);
        return tally;
    }
}
