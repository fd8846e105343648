package penstock.venue;

import java.util.ArrayList;
import java.util.List;
import penstock.config.ConfigSection;
import penstock.venue.rule.Expression;
import penstock.venue.rule.MatchRule;
import penstock.venue.rule.PointerBindings;
import penstock.venue.spec.ControlKind;

/**
 * What an error message asks for.
 *
 * @param after where the seconds to wait are found, null = nowhere
 */
record ErrorClassifier(MatchRule match, ControlKind kind, Expression after) {
    /** As files spell it. */
    private enum Do {
        FATAL(ControlKind.FATAL), RETRY(ControlKind.ERROR), NACK(ControlKind.NACK), SHARD(ControlKind.SHARD);

        private final ControlKind kind;

        Do(final ControlKind kind) {
            this.kind = kind;
        }
    }

    /** The first whose conditions hold counts. */
    static ErrorClassifier[] read(final ConfigSection rule, final PointerBindings bindings) {
        final List<ErrorClassifier> cases = new ArrayList<>();
        for (final ConfigSection section : rule.sections("classify")) {
            final MatchRule match = section.has("match") ? MatchRule.read(section, "match", bindings) : MatchRule.ALL;
            if (!section.has("do")) {
                section.problem("do", "is missing; it is one of fatal, retry, nack, shard");
            }
            final Do what = section.choice("do", Do.RETRY, Do.class);
            final Expression after = section.has("after") ? bindings.expression(section, "after") : null;
            section.refuseUnknownKeys();
            cases.add(new ErrorClassifier(match, what.kind, after));
        }
        return cases.toArray(ErrorClassifier[]::new);
    }
}
