package penstock.feed;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import com.typesafe.config.ConfigList;
import penstock.config.Section;
import penstock.feed.json.PointerTrie;
import penstock.feed.rules.Expression;
import penstock.feed.rules.Match;
import penstock.feed.rules.TimeUnit;

/** Reads and compiles the rules of a venue file. Owned by the thread that reads the file. */
final class RuleReader {
    /** What a message is, as rules spell it. */
    enum As {
        DATA(null), ACK(ControlKind.ACK), NACK(ControlKind.NACK), HEARTBEAT(ControlKind.HEARTBEAT), SESSION(ControlKind.SESSION),
        IGNORE(ControlKind.IGNORED), ERROR(ControlKind.ERROR), FATAL(ControlKind.FATAL), ROLLOVER(ControlKind.ROLLOVER);

        private final ControlKind kind;

        As(final ControlKind kind) {
            this.kind = kind;
        }

        ControlKind kind() {
            return kind;
        }
    }

    private static final String[] LATER = {
        "each", "kind", "seq", "learn", "book", "classify", "class", "conflation", "rules", "merge", "group", "reason"};

    private final List<ChannelSpec> channels;
    private final PointerTrie.Builder pointers;
    private final Set<String> names = new HashSet<>();

    RuleReader(final List<ChannelSpec> channels, final PointerTrie.Builder pointers) {
        this.channels = channels;
        this.pointers = pointers;
    }

    List<Rule> read(final Section messages) {
        final List<Rule> rules = new ArrayList<>();
        for (final Section section : messages.sections("rules")) {
            rules.add(rule(section));
        }
        if (rules.isEmpty()) {
            messages.problem("rules", "are empty: nothing would ever match");
        } else if (rules.stream().noneMatch(rule -> rule.control() == null)) {
            messages.problem("rules", "have none with as = data: nothing would ever be published");
        }
        return rules;
    }

    private Rule rule(final Section section) {
        Later.refuse(section, LATER);
        final String name = section.requiredText("name");
        if (!name.isEmpty() && !names.add(name)) {
            section.problem("name", "another rule is called " + name + " too; names tell rules apart in counters and messages");
        }
        final Match match = Match.read(section, "match", pointers);
        final ControlKind control = section.choice("as", As.DATA, As.class).kind();
        final Rule rule = control == null ? dataRule(section, name, match) : controlRule(section, name, match, control);
        section.refuseUnknownKeys();
        return rule;
    }

    private static Rule controlRule(final Section section, final String name, final Match match, final ControlKind control) {
        for (final String key : List.of("channel", "key", "ts", "emit")) {
            if (section.has(key)) {
                section.problem(key, "is for data only, but this rule says as = " + section.text("as", ""));
            }
        }
        return new Rule(name, match, control, -1, new Expression[0], null, null, -1);
    }

    private Rule dataRule(final Section section, final String name, final Match match) {
        final Expression[] keys = keys(section);
        Expression time = null;
        TimeUnit unit = TimeUnit.MS;
        if (section.has("ts")) {
            final Section ts = section.section("ts");
            time = expression(ts, "at", ts.requiredText("at"));
            unit = ts.choice("unit", TimeUnit.MS, TimeUnit.class);
            if (!ts.has("unit")) {
                ts.problem("unit", "is missing; it is one of s, ms, us, ns, rfc3339");
            }
            ts.refuseUnknownKeys();
        }
        return new Rule(name, match, null, channel(section), keys, time, unit, emitSlot(section));
    }

    private int channel(final Section section) {
        final String name = section.text("channel", channels.isEmpty() ? "" : channels.get(0).name());
        for (int i = 0; i < channels.size(); i++) {
            if (channels.get(i).name().equals(name)) {
                return i;
            }
        }
        section.problem("channel", "must be one of the channels " + ChannelReader.names(channels) + ", got " + name);
        return 0;
    }

    private Expression[] keys(final Section section) {
        final boolean isList = section.written("key") instanceof ConfigList;
        final List<String> sources = isList ? section.texts("key") : List.of(section.requiredText("key"));
        if (isList && sources.isEmpty()) {
            section.problem("key", "must say where the symbol is, like $/data/s");
        }
        return sources.stream().map(source -> expression(section, "key", source)).filter(e -> e != null).toArray(Expression[]::new);
    }

    private Expression expression(final Section section, final String key, final String source) {
        try {
            return section.has(key) ? Expression.compile(source, pointers) : null;
        } catch (final IllegalArgumentException e) {
            section.problem(key, e.getMessage());
            return null;
        }
    }

    private int emitSlot(final Section section) {
        final String emit = section.text("emit", "frame");
        try {
            return Expression.compilePointer(emit.equals("frame") ? "$" : emit, pointers);
        } catch (final IllegalArgumentException e) {
            section.problem("emit", e.getMessage() + "; or emit = frame");
            return 0;
        }
    }
}
