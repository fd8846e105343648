package penstock.usage;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Denials by principal, subject and reason. The first {@value #MAX_KINDS} kinds of an interval have a tally each, all
 * others one together: clients cannot fill the disk with them. Owned by the journal, then by the writer.
 */
final class DenialTallies {
    static final int MAX_KINDS = 20;
    static final Denial OTHERS = new Denial(null, null, "others");

    /** Who was denied what, and why; principal and subject are null of the others. */
    record Denial(String principal, String what, String why) {
    }

    /** How often, from when to when. */
    record Times(long count, long firstMs, long lastMs) {
        Times add(final Times other) {
            return new Times(count + other.count, Math.min(firstMs, other.firstMs), Math.max(lastMs, other.lastMs));
        }
    }

    private final Map<Denial, Times> kinds = new LinkedHashMap<>();

    void add(final Denial denial, final long nowMs) {
        final boolean hasRoom = kinds.size() < MAX_KINDS || kinds.containsKey(denial);
        kinds.merge(hasRoom ? denial : OTHERS, new Times(1, nowMs, nowMs), Times::add);
    }

    Map<Denial, Times> kinds() {
        return kinds;
    }
}
