package penstock.venue.spec;

import java.util.Set;
import penstock.venue.spec.SequenceSpec.Rule;

/**
 * How a venue's snapshot and its changes fit together. Both carry a number. The procedures differ in whether the
 * changes show that none is missing after the snapshot.
 */
public enum BookProcedure {
    /**
     * Compares {@code lastUpdateId} with the ranges of the changes. Changes that end at or before it are part of the
     * snapshot; the first change after it must begin at the next number or earlier. Futures number all symbols together
     * and carry the number of the change before in {@code pu}: no change of the symbol lies between it and the first
     * number, so {@code pu} must not be larger than the snapshot's number.
     */
    BINANCE("/lastUpdateId", "/E", "range | prev, with first or prev, and last", Set.of(Rule.RANGE, Rule.PREV)),
    /**
     * Compares {@code microtimestamp} with that of the changes, which are not consecutive. The snapshot must not be
     * older than the first buffered change, because a change between them could be missing.
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

    /** Place of the number in the snapshot. */
    public String number() {
        return number;
    }

    /** Place of the optional time in the snapshot. */
    public String time() {
        return time;
    }

    /** The rules of numbers that the procedure supports. */
    Set<Rule> rules() {
        return rules;
    }

    /** The same rules for a message. */
    String remedy() {
        return remedy;
    }
}
