package penstock.venue;

import java.util.ArrayList;
import java.util.List;
import penstock.config.ConfigSection;
import penstock.venue.rule.Expression;
import penstock.venue.rule.MatchRule;
import penstock.venue.rule.PointerBindings;
import penstock.venue.spec.ControlKind;

/**
 * Decides how to react to an error message.
 *
 * @param after place of the seconds to wait, null = none
 */
record ErrorClassifier(MatchRule match, ControlKind kind, Expression after) {
    /** The reactions as venue files spell them. */
    private enum Reaction {
        FATAL(ControlKind.FATAL), RETRY(ControlKind.ERROR), NACK(ControlKind.NACK), SHARD(ControlKind.SHARD),
        EVICTED(ControlKind.EVICTED);

        private final ControlKind kind;

        Reaction(final ControlKind kind) {
            this.kind = kind;
        }
    }

    /** Reads the classifiers of a rule; the first one that matches counts. */
    static ErrorClassifier[] read(final ConfigSection rule, final PointerBindings bindings) {
        final List<ErrorClassifier> cases = new ArrayList<>();
        for (final ConfigSection section : rule.sections("classify")) {
            final MatchRule match = section.has("match") ? MatchRule.read(section, "match", bindings) : MatchRule.ALL;
            final Reaction reaction = section.requiredChoice("do", Reaction.RETRY, Reaction.class);
            final Expression after = section.has("after") ? bindings.expression(section, "after") : null;
            cases.add(new ErrorClassifier(match, reaction.kind, after));
        }
        return cases.toArray(ErrorClassifier[]::new);
    }
}
