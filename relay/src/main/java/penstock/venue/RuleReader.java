package penstock.venue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.agrona.collections.IntArrayList;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.config.KeyTable.FlagKey;
import penstock.json.JsonScanner;
import penstock.venue.rule.Expression;
import penstock.venue.rule.LearnRule;
import penstock.venue.rule.MatchRule;
import penstock.venue.rule.PointerBindings;
import penstock.venue.spec.ControlKind;

/** Reads and compiles the rules of a venue file. Owned by the thread that reads the file. */
final class RuleReader {
    /** The keys of {@code messages.rules[]}. */
    static final KeyTable KEYS = KeyTable.of("messages.rules[]");
    private static final String NAME = KEYS.key("name", "text", KeyTable.REQUIRED,
        "Name in counters and messages; unique.");
    private static final String MATCH = KEYS.key("match", "conditions", KeyTable.REQUIRED, "When the rule applies.");
    private static final ChoiceKey<Meaning> AS = KEYS.choice("as", Meaning.DATA,
        "The meaning. `rollover`: the venue announces the end of the connection, so another one takes over. "
        + "`evicted`: another login has ended it, or holds its place.");
    private static final String EACH = KEYS.key("each", "pointer", KeyTable.NONE,
        "The elements of an array, or the values of an object, `$/data/*` or `$/events/*/updates/*`; then `@` is the "
        + "element, and `@key` its name in the object.");
    private static final String RULES = KEYS.key("rules", "list of rules", KeyTable.NONE,
        "With `each`: rules for elements of different types.");
    private static final FlagKey NEWEST_FIRST = KEYS.flag("newest-first", false,
        "With `each`: the array has its newest element first, as histories often do; the elements are read from "
        + "its end, so that events keep their order.");
    private static final String ALSO = KEYS.key("also", "list of rules", KeyTable.NONE,
        "The same message for other channels, too: each entry has a `channel`, its own `emit`, and what differs "
        + "of `key`, `ts`, `kind` and `emit-venue`. One without a value is skipped.");

    /** The meanings of a message as rules spell them. */
    enum Meaning {
        DATA(null), ACK(ControlKind.ACK), NACK(ControlKind.NACK), HEARTBEAT(ControlKind.HEARTBEAT),
            SESSION(ControlKind.SESSION),
        IGNORE(ControlKind.IGNORED), ERROR(ControlKind.ERROR), FATAL(ControlKind.FATAL), ROLLOVER(ControlKind.ROLLOVER),
            EVICTED(ControlKind.EVICTED);

        private final ControlKind kind;

        Meaning(final ControlKind kind) {
            this.kind = kind;
        }

        ControlKind kind() {
            return kind;
        }
    }

    private static final String[] UNSUPPORTED = {"conflation", "merge", "group", "reason"};
    /** What a second meaning of a message shares with the first one, unless it has its own. */
    private static final String[] SHARED_KEYS = {"key", "ts", "kind", "emit-venue"};
    private static final String[] DATA_KEYS = {"channel", "key", "kind", "seq", "ts", "emit", "emit-venue", "book",
        "also"};
    private static final String ALL_ELEMENTS = "/*";

    private final DataRuleReader data;
    private final List<String> names = new ArrayList<>();
    private final Set<String> known = new HashSet<>();
    private boolean hasData;

    RuleReader(final DataRuleReader data) {
        this.data = data;
    }

    VenueRule[] read(final ConfigSection messages, final PointerBindings bindings) {
        final VenueRule[] rules = rules(messages, bindings);
        if (rules.length == 0) {
            messages.problem(RULES, "are empty: nothing would ever match");
        } else if (!hasData) {
            messages.problem(RULES, "have no rule with as = data: nothing would ever be published");
        }
        bindings.maps().neverLearned()
            .forEach(name -> messages.problem(RULES, "use " + name + ", which no rule learns"));
        return rules;
    }

    /** All names, by rule number. */
    List<String> names() {
        return List.copyOf(names);
    }

    private VenueRule[] rules(final ConfigSection parent, final PointerBindings bindings) {
        return parent.sections(RULES).stream().map(section -> rule(section, bindings)).toArray(VenueRule[]::new);
    }

    private VenueRule rule(final ConfigSection section, final PointerBindings bindings) {
        section.refuseUnsupported(UNSUPPORTED);
        final String name = section.requiredText(NAME);
        if (!name.isEmpty() && !known.add(name)) {
            section.problem(NAME, "duplicate name " + name + "; names identify rules in counters and messages");
        }
        names.add(name);
        final int number = names.size() - 1;
        final MatchRule match = MatchRule.read(section, MATCH, bindings);
        final LearnRule learn = section.has("learn") ? LearnRule.read(section, "learn", bindings) : null;
        final VenueRule.Control control = control(section, bindings);
        if (section.has(NEWEST_FIRST.name()) && !section.has(EACH)) {
            section.problem(NEWEST_FIRST.name(), "is for the elements of each; add each, or remove it");
        }
        final ArrayRule elements = section.has(EACH) ? elements(section, control, bindings, number) : null;
        if (control != null) {
            refuseData(section);
        }
        hasData |= control == null;
        return new VenueRule(number, name, match, learn, control, elements,
            control == null && elements == null
                ? data(section, section.has(EACH) ? bindings.inElements() : bindings) : null);
    }

    /** The message as an update, and as updates of other channels. */
    private DataRule[] data(final ConfigSection section, final PointerBindings bindings) {
        final List<DataRule> meanings = new ArrayList<>();
        meanings.add(data.read(section, bindings));
        for (final ConfigSection other : section.sections(ALSO)) {
            if (!other.has("channel")) {
                other.problem("channel", "is missing; name the channel that this message is for, too");
            }
            meanings.add(data.read(other.withDefaults(section, SHARED_KEYS), bindings));
        }
        return meanings.toArray(DataRule[]::new);
    }

    private static VenueRule.Control control(final ConfigSection section, final PointerBindings bindings) {
        final ControlKind kind = AS.read(section).kind();
        final ErrorClassifier[] classify = ErrorClassifier.read(section, bindings);
        if (kind == null && classify.length > 0) {
            section.problem("classify", "is for errors; add as = error");
        }
        return kind == null ? null : new VenueRule.Control(kind, classify);
    }

    private static void refuseData(final ConfigSection section) {
        for (final String key : DATA_KEYS) {
            if (section.has(key)) {
                section.problem(key, "is for data only, but this rule has as = " + section.text(AS.name(), ""));
            }
        }
    }

    private ArrayRule elements(final ConfigSection section, final VenueRule.Control control,
            final PointerBindings bindings, final int number) {
        final String written = section.text(EACH, "");
        if (control != null) {
            section.problem(EACH, "is for data only, but this rule has as = " + section.text(AS.name(), ""));
        }
        if (!written.endsWith(ALL_ELEMENTS) || !written.startsWith("$") && !written.startsWith("@")) {
            section.problem(EACH,
                "must be a pointer to all elements of an array or object, like $/data/* or "
                + "$/events/*/updates/*, got " + written);
            return null;
        }
        final String[] arrays = written.substring(0, written.length() - ALL_ELEMENTS.length()).split("/\\*", -1);
        return elements(section, arrays, 0, bindings, number);
    }

    private ArrayRule elements(final ConfigSection section, final String[] arrays, final int level,
            final PointerBindings outer, final int number) {
        final Expression array = section.compiled(EACH,
            () -> Expression.compilePointer(level == 0 ? arrays[0] : "@" + arrays[level], outer));
        if (array == null) {
            return null;
        }
        final PointerBindings inner = outer.inElements();
        final boolean isLast = level == arrays.length - 1;
        final VenueRule[] rules = isLast ? elementRules(section, inner, number) : new VenueRule[0];
        final ArrayRule nested = isLast ? null : elements(section, arrays, level + 1, inner, number);
        final JsonScanner walker = inner.walker();
        return new ArrayRule(array, walker, inner.scope(walker), nested, rules,
            isLast && NEWEST_FIRST.read(section) ? new IntArrayList() : null);
    }

    private VenueRule[] elementRules(final ConfigSection section, final PointerBindings bindings, final int number) {
        if (!section.has(RULES)) {
            return new VenueRule[] {
                new VenueRule(number, null, MatchRule.ALL, null, null, null, data(section, bindings))};
        }
        for (final String key : DATA_KEYS) {
            if (section.has(key)) {
                section.problem(key, "belongs in the inner rules");
            }
        }
        return rules(section, bindings);
    }
}
