package penstock.usage;

import java.util.ArrayDeque;
import java.util.Deque;

/** Changes in their order, and denials, that are not written yet. Owned by the thread that holds it. */
record JournalBatch(Deque<LicenceChange> changes, DenialTallies denials) {
    JournalBatch() {
        this(new ArrayDeque<>(), new DenialTallies());
    }

    boolean isEmpty() {
        return changes.isEmpty() && denials.kinds().isEmpty();
    }
}
