package penstock.venue.spec;

import penstock.config.ConfigSection;
import penstock.ring.UpdateKind;
import penstock.venue.rule.Expression;
import penstock.venue.rule.PointerBindings;

/**
 * How a venue numbers its messages, and the reaction to a gap. Immutable.
 *
 * @param first   first number of a range, or the number of the message before; null for rules with one number
 * @param last    the number, or the last number of a range
 * @param resetOn kinds of updates that restart the numbers: a bit for each ordinal
 * @param start   the first number of each connection, {@link #ANY} if it is not known
 */
public record SequenceSpec(Rule rule, Expression first, Expression last, Scope scope, int resetOn,
        GapAction onGap, long start) {
    /** A connection may begin with any number. */
    public static final long ANY = Long.MIN_VALUE;

    /** Relation of a number to the one before. */
    public enum Rule {
        /** One more. */
        INCREMENT,
        /** A range whose first number is one more than the last number of the range before. */
        RANGE,
        /** Each message carries the number of the message before. */
        PREV,
        /** Larger; numbers may be skipped. */
        INCREASING,
        /** Equal or larger. */
        NONDECREASING;

        /** True if a lost message shows. */
        public boolean detectsGaps() {
            return this == INCREMENT || this == RANGE || this == PREV;
        }
    }

    /** The messages that share one count. */
    public enum Scope { KEY, CHANNEL, CONNECTION }

    /** Whether an update of that kind restarts the numbers. */
    public boolean restartsOn(final UpdateKind kind) {
        return (resetOn & 1 << kind.ordinal()) != 0;
    }

    public static SequenceSpec read(final ConfigSection section, final PointerBindings bindings,
            final Scope defaultScope) {
        final Rule rule = section.requiredChoice("rule", Rule.INCREMENT, Rule.class);
        final Expression first = rule == Rule.RANGE ? bindings.expression(section, "first")
            : rule == Rule.PREV ? bindings.expression(section, "prev") : null;
        final Expression last =
            bindings.expression(section, first == null && rule != Rule.RANGE && rule != Rule.PREV ? "at" : "last");
        section.written(defaultScope == Scope.CONNECTION ? "match" : "rule");
        int resetOn = section.has("reset-on") ? 0 : 1 << UpdateKind.SNAPSHOT.ordinal();
        for (final String kind : section.texts("reset-on")) {
            if (KindSpec.named(kind) == null) {
                section.problem("reset-on", "must be a list of " + KindSpec.NAMES + ", got " + kind);
            } else {
                resetOn |= 1 << KindSpec.named(kind).ordinal();
            }
        }
        final Scope scope = section.choice("scope", defaultScope, Scope.class);
        if (defaultScope == Scope.CONNECTION && scope != Scope.CONNECTION) {
            section.problem("scope", "must be connection: frames have neither channel nor key");
        }
        final Scope used = defaultScope == Scope.CONNECTION ? defaultScope : scope;
        return new SequenceSpec(rule, first, last, used, resetOn,
            section.choice("on-gap", GapAction.MARK, GapAction.class), start(section, rule, used));
    }

    private static long start(final ConfigSection section, final Rule rule, final Scope scope) {
        final int start = section.integer("start", 0, 0, Integer.MAX_VALUE);
        if (!section.has("start")) {
            return ANY;
        }
        if (scope != Scope.CONNECTION || rule != Rule.INCREMENT && rule != Rule.RANGE) {
            section.problem("start", "is for numbers that each connection counts from there: rule increment or range, "
                + "and scope connection; remove it");
        }
        return start;
    }
}
