package penstock.venue.book;

import java.util.List;
import java.util.Set;
import penstock.venue.rule.VenueTimeUnit;
import penstock.venue.spec.SequenceSpec.Rule;

/**
 * How a venue's snapshot and its changes fit together. Both carry a number. Immutable.
 *
 * @param follows which changes follow a snapshot
 * @param answer  where the snapshot has its parts
 */
public record BookProcedure(Follows follows, Answer answer) {
    /** {@code lastUpdateId} and ranges of numbers; futures carry the number of the change before in {@code pu}. */
    static final BookProcedure BINANCE = new BookProcedure(Follows.STRADDLES,
        new Answer("$/lastUpdateId", new Time("$/E", VenueTimeUnit.MS), "$/bids", "$/asks", List.of("0", "1"), null));
    /** {@code microtimestamp}, which is not consecutive. */
    static final BookProcedure BITSTAMP = new BookProcedure(Follows.NEWER, new Answer("$/microtimestamp",
        new Time("$/microtimestamp", VenueTimeUnit.US), "$/bids", "$/asks", List.of("0", "1"), null));

    /** Which changes follow a snapshot. */
    public enum Follows {
        /**
         * Changes that end at or before the snapshot's number are part of it; the first one after it must begin at the
         * next number or earlier. If changes name the one before, its number must not be larger than the snapshot's.
         */
        STRADDLES("range | prev, with first or prev, and last", Set.of(Rule.RANGE, Rule.PREV)),
        /** The first change after the snapshot must name exactly the snapshot's number as the one before. */
        PREVIOUS("prev, with prev and last", Set.of(Rule.PREV)),
        /**
         * Changes with a larger number. The numbers do not show whether one is missing: the snapshot must not be older
         * than the first change that waits for it.
         */
        NEWER("nondecreasing, at = \"$/data/microtimestamp\"", Set.of(Rule.NONDECREASING, Rule.INCREASING));

        private final String remedy;
        private final Set<Rule> rules;

        Follows(final String remedy, final Set<Rule> rules) {
            this.remedy = remedy;
            this.rules = rules;
        }

        /** The rules of numbers with which it can be compared. */
        Set<Rule> rules() {
            return rules;
        }

        /** The same rules for a message. */
        String remedy() {
            return remedy;
        }
    }

    /**
     * Where a snapshot has its parts.
     *
     * @param number expression: the number of the last change that it contains
     * @param time   the venue's time, null without one; a snapshot may have none
     * @param bids   pointer to the rows of bids
     * @param asks   pointer to the rows of asks
     * @param level  the columns of price and size in a row
     * @param id     pointer to the id of an order in a row, null = rows are levels
     */
    public record Answer(String number, Time time, String bids, String asks, List<String> level, String id) {
    }

    /** A time, and the unit that it is written in. */
    public record Time(String at, VenueTimeUnit unit) {
    }
}
