package penstock.oracle;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The breaches that checkers found. One thread. */
public final class Verdict {
    private static final int MOST_KEPT = 20;

    private final List<String> breaches = new ArrayList<>();
    private final Set<Invariant> broken = EnumSet.noneOf(Invariant.class);
    private long count;

    /** An invariant is broken. */
    public void breach(final Invariant invariant, final String text) {
        count++;
        broken.add(invariant);
        if (breaches.size() < MOST_KEPT) {
            breaches.add(invariant + ": " + text);
        }
    }

    /** Something that explains the breaches. */
    void note(final String text) {
        breaches.add(text);
    }

    /** The first breaches, each with its invariant. */
    public List<String> breaches() {
        return List.copyOf(breaches);
    }

    /** The invariants that were broken. */
    public Set<Invariant> broken() {
        return Set.copyOf(broken);
    }

    /** The number of breaches. */
    public long count() {
        return count;
    }
}
