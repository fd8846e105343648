package penstock.venue.spec;

import java.util.Set;
import penstock.venue.spec.SequenceSpec.Rule;

/**
 * How a venue's snapshot and its changes fit together. Both tell their number; what differs is whether the changes show
 * that none is missing between the snapshot and them.
 */
public enum BookProcedure {
    /**
     * {@code lastUpdateId} against the ranges of the changes: those that end with it or before are part of the
     * snapshot; the first that is kept must begin with the next number or before. Futures number all symbols through
     * and name the change before in {@code pu}: nothing of the symbol lies between it and the first number, so
     * {@code pu} may not be behind the snapshot's number.
     */
    BINANCE("/lastUpdateId", "/E", "range | prev, with first or prev, and last", Set.of(Rule.RANGE, Rule.PREV)),
    /**
     * {@code microtimestamp} against that of the changes, which do not count: the snapshot must not be older than the
     * first change that waited, because something may lie between.
     */
    BITSTAMP("/microtimestamp", "/microtimestamp", "nondecreasing, at = \"$/data/microtimestamp\"",
        Set.of(Rule.NONDECREASING, Rule.INCREASING));

    private final String number;
    private final String time;
    private final String remedy;
    private final Set<Rule> rules;

    BookProcedure(final String number, final String time, final String remedy, final Set<Rule> rules) {
        this.number = number;
        this.time = time;
        this.remedy = remedy;
        this.rules = rules;
    }

    /** Where the snapshot tells its number. */
    public String number() {
        return number;
    }

    /** Where the snapshot may tell its time. */
    public String time() {
        return time;
    }

    /** How the changes must be numbered. */
    Set<Rule> rules() {
        return rules;
    }

    /** The same in words. */
    String remedy() {
        return remedy;
    }
}
