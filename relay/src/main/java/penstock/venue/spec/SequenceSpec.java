package penstock.venue.spec;

import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.config.KeyTable.NumberKey;
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
    /** The keys of {@code messages.rules[].seq}. */
    public static final KeyTable KEYS = KeyTable.of("messages.rules[].seq");
    private static final ChoiceKey<Rule> RULE = KEYS.choice("rule", Rule.class, KeyTable.REQUIRED,
        "`increment`: one more each time. `range`: `first` continues the previous `last`. `prev`: each message "
        + "names its predecessor. `increasing`, `nondecreasing`: lost messages do not show.");
    private static final String AT = KEYS.key("at", "expression", KeyTable.NONE,
        "The number, for rules with one number.");
    private static final String FIRST = KEYS.key("first", "expression", KeyTable.NONE, "Rule `range`: first number.");
    private static final String PREV = KEYS.key("prev", "expression", KeyTable.NONE,
        "Rule `prev`: number of the predecessor.");
    private static final String LAST = KEYS.key("last", "expression", KeyTable.NONE,
        "Rules `range` and `prev`: last number.");
    private static final String RESET_ON = KEYS.key("reset-on", "list of kinds", "`[snapshot]`",
        "Kinds of updates that restart the numbering.");
    private static final ChoiceKey<Scope> SCOPE = KEYS.choice("scope", Scope.KEY, "What is numbered together.");
    private static final NumberKey START = KEYS.number("start", KeyTable.NONE, 0, 0, Integer.MAX_VALUE,
        "With `scope = connection`, rules `increment` and `range`: the number that each connection begins with. "
        + "Then a loss before the first message that arrives shows, too. If three connections in a row begin "
        + "later, the venue counts from elsewhere, and their first number is accepted.");
    private static final ChoiceKey<GapAction> ON_GAP = KEYS.choice("on-gap", GapAction.MARK,
        "See [after a gap](#what-happens-after-a-gap). With the scopes `channel` and `connection` the missing "
        + "message may be one of any topic: all but `mark` open a new connection.");

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
        final Rule rule = RULE.required(section, Rule.INCREMENT);
        final Expression first = rule == Rule.RANGE ? bindings.expression(section, FIRST)
            : rule == Rule.PREV ? bindings.expression(section, PREV) : null;
        final Expression last =
            bindings.expression(section, first == null && rule != Rule.RANGE && rule != Rule.PREV ? AT : LAST);
        section.written(defaultScope == Scope.CONNECTION ? "match" : RULE.name());
        int resetOn = section.has(RESET_ON) ? 0 : 1 << UpdateKind.SNAPSHOT.ordinal();
        for (final String kind : section.texts(RESET_ON)) {
            if (KindSpec.named(kind) == null) {
                section.problem(RESET_ON, "must be a list of " + KindSpec.NAMES + ", got " + kind);
            } else {
                resetOn |= 1 << KindSpec.named(kind).ordinal();
            }
        }
        final Scope scope = SCOPE.read(section, defaultScope);
        if (defaultScope == Scope.CONNECTION && scope != Scope.CONNECTION) {
            section.problem(SCOPE.name(), "must be connection: frames have neither channel nor key");
        }
        final Scope used = defaultScope == Scope.CONNECTION ? defaultScope : scope;
        return new SequenceSpec(rule, first, last, used, resetOn,
            ON_GAP.read(section), start(section, rule, used));
    }

    private static long start(final ConfigSection section, final Rule rule, final Scope scope) {
        final int start = START.read(section);
        if (!section.has(START.name())) {
            return ANY;
        }
        if (scope != Scope.CONNECTION || rule != Rule.INCREMENT && rule != Rule.RANGE) {
            section.problem(START.name(), "is for numbers that each connection counts from there: rule increment or "
                + "range, and scope connection; remove it");
        }
        return start;
    }
}
