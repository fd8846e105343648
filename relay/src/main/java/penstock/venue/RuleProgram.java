package penstock.venue;

import penstock.json.JsonScanner;
import penstock.venue.rule.EvaluationScope;
import penstock.venue.rule.LearnedMaps;
import penstock.venue.rule.MatchRule;
import penstock.venue.spec.SequenceSpec;
import penstock.venue.symbol.PublishedNames;

/**
 * The compiled rules of a venue file. Immutable, but what it refers to is owned by the feed thread.
 *
 * @param scanner  walks a frame
 * @param scope    where the rules read the frame
 * @param rules    the first rule that matches counts
 * @param learned  values that rules remember from earlier messages
 * @param frames   numbers of the frames, null = they carry none
 * @param names    published names of symbols, null = all are published as the venue spells them
 * @param channels by channel number
 */
record RuleProgram(JsonScanner scanner, EvaluationScope scope, VenueRule[] rules, LearnedMaps learned,
        FrameNumbers frames, PublishedNames names, ChannelTraits[] channels) {
    /**
     * The numbers of all frames of a connection.
     *
     * @param match frames that are numbered
     */
    record FrameNumbers(SequenceSpec sequence, MatchRule match) {
    }
}
