package penstock.usage;

import java.time.YearMonth;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import penstock.text.PrintableText;

/**
 * Who is entitled to what since when, by whom and why, and who was denied what. A call never waits for the disk. Any
 * thread.
 */
public final class EntitlementJournal {
    /** Changes that wait to be written. Beyond that, of one licence and month only the newest waits. */
    static final int MAX_CHANGES = 10_000;
    private static final int MAX_DENIAL_CHARS = 128;

    /** A licence in a month. */
    private record Slot(Licence licence, YearMonth month) {
    }

    private final Set<Licence> active = new HashSet<>();
    private final Map<Slot, LicenceChange> beyond = new LinkedHashMap<>();
    private final MonthOfTime months = new MonthOfTime();
    private JournalBatch batch = new JournalBatch();

    /** {@code before}: what was active when the last relay ended. */
    EntitlementJournal(final Set<Licence> before) {
        active.addAll(before);
    }

    /**
     * A licence becomes active.
     *
     * @param by    who did it: an operator, a token's issuer
     * @param nowMs milliseconds since 1970
     * @return false, and nothing is recorded, if it is active already
     */
    public synchronized boolean activate(final Licence licence, final String by, final String why,
            final long nowMs) {
        final boolean isNew = active.add(licence);
        if (isNew) {
            add(change(licence, true, by, why, nowMs));
        }
        return isNew;
    }

    /** A licence ends; false, and nothing is recorded, if it is not active. */
    public synchronized boolean deactivate(final Licence licence, final String by, final String why,
            final long nowMs) {
        final boolean wasActive = active.remove(licence);
        if (wasActive) {
            add(change(licence, false, by, why, nowMs));
        }
        return wasActive;
    }

    /**
     * A request was denied. Texts may come from a client: each is cut to 128 characters.
     *
     * @param principal who asked, as far as that is known; null = unknown
     * @param what      the product or the symbol
     */
    public synchronized void deny(final String principal, final String what, final String why, final long nowMs) {
        batch.denials().add(new DenialTallies.Denial(cut(principal, MAX_DENIAL_CHARS), cut(what, MAX_DENIAL_CHARS),
            cut(why, MAX_DENIAL_CHARS)), nowMs);
    }

    /** What is active now. */
    public synchronized Set<Licence> active() {
        return Set.copyOf(active);
    }

    /** What is to be written; called by the writer. */
    synchronized JournalBatch take() {
        final JournalBatch taken = batch;
        batch = new JournalBatch();
        taken.changes().addAll(beyond.values());
        beyond.clear();
        return taken;
    }

    private void add(final LicenceChange change) {
        if (batch.changes().size() < MAX_CHANGES) {
            batch.changes().add(change);
        } else {
            final Slot slot = new Slot(change.licence(), months.of(change.atMs()));
            final LicenceChange earlier = beyond.remove(slot);
            beyond.put(slot, earlier == null ? change : change.after(earlier));
        }
    }

    private static LicenceChange change(final Licence licence, final boolean isActive, final String by,
            final String why, final long nowMs) {
        return new LicenceChange(licence, isActive, cut(by, Licence.MAX_CHARS),
            cut(why, Licence.MAX_CHARS), nowMs, 0);
    }

    private static String cut(final String text, final int maxChars) {
        return text == null ? null : PrintableText.escape(text, maxChars);
    }
}
