package penstock.feed;

import java.util.ArrayList;
import java.util.List;
import penstock.config.Section;
import penstock.feed.rules.Bindings;
import penstock.feed.rules.Expression;
import penstock.feed.rules.Match;

/**
 * What an error message asks for.
 *
 * @param after where the seconds to wait are found, null = nowhere
 */
record Classify(Match match, ControlKind kind, Expression after) {
    /** As files spell it. */
    private enum Do {
        FATAL(ControlKind.FATAL), RETRY(ControlKind.ERROR), NACK(ControlKind.NACK), SHARD(ControlKind.SHARD);

        private final ControlKind kind;

        Do(final ControlKind kind) {
            this.kind = kind;
        }
    }

    /** The first whose conditions hold counts. */
    static Classify[] read(final Section rule, final Bindings bindings) {
        final List<Classify> cases = new ArrayList<>();
        for (final Section section : rule.sections("classify")) {
            final Match match = section.has("match") ? Match.read(section, "match", bindings) : Match.ALL;
            if (!section.has("do")) {
                section.problem("do", "is missing; it is one of fatal, retry, nack, shard");
            }
            final Do what = section.choice("do", Do.RETRY, Do.class);
            final Expression after = section.has("after") ? bindings.expression(section, "after") : null;
            section.refuseUnknownKeys();
            cases.add(new Classify(match, what.kind, after));
        }
        return cases.toArray(Classify[]::new);
    }
}
