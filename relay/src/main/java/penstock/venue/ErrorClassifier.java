package penstock.venue;

import java.util.ArrayList;
import java.util.List;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
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
    /** The keys of {@code messages.rules[].classify[]}. */
    static final KeyTable KEYS = KeyTable.of("messages.rules[].classify[]");
    private static final String MATCH = KEYS.key("match", "conditions", "all messages",
        "With `as = error`: a kind of error; the first that matches counts.");
    private static final ChoiceKey<Reaction> DO = KEYS.choice("do", Reaction.class, KeyTable.REQUIRED,
        "`fatal` ends the feed, and the relay (77) with its last feed, `retry` reconnects, `nack` refuses the "
        + "request, `shard` spreads items over another connection, `evicted`: another login has the place.");
    private static final String AFTER = KEYS.key("after", "expression", KeyTable.NONE,
        "Seconds to wait, if the message says.");

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
            final MatchRule match = section.has(MATCH) ? MatchRule.read(section, MATCH, bindings) : MatchRule.ALL;
            final Reaction reaction = DO.required(section, Reaction.RETRY);
            final Expression after = section.has(AFTER) ? bindings.expression(section, AFTER) : null;
            cases.add(new ErrorClassifier(match, reaction.kind, after));
        }
        return cases.toArray(ErrorClassifier[]::new);
    }
}
