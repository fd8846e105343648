package penstock.venue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.venue.rule.TextMatch;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.HeartbeatSpec;
import penstock.venue.spec.VenueVariables;

/**
 * A message recognised by its characters, JSON or not. Owned by the feed thread.
 *
 * @param reply our answer, null = none
 */
record TextRule(TextMatch text, ControlKind control, HeartbeatSpec.Reply reply) {
    /** The keys of {@code messages.text[]}. */
    static final KeyTable KEYS = KeyTable.of("messages.text[]");
    private static final String EQUALS = KEYS.key("equals", "text", "`equals` or `matches`",
        "A message by its characters, JSON or not.");
    private static final String MATCHES = KEYS.key("matches", "regular expression", "`equals` or `matches`",
        "The same, by a pattern for the whole text, up to 1 KiB: `\"HB (?<id>[0-9]+)\"`. ASCII; it is compared "
        + "with the bytes.");
    private static final ChoiceKey<RuleReader.Meaning> AS =
        KEYS.choice("as", RuleReader.Meaning.class, KeyTable.REQUIRED, "Its meaning; not `data`.");
    private static final String SEND = KEYS.key("send", "template", KeyTable.NONE,
        "Our answer, for `heartbeat` and `session`: `{nowMs}`, and `{NAME}` for a group `(?<NAME>…)` of "
        + "`matches`.");

    /** Reads {@code messages.text}. */
    static List<TextRule> read(final ConfigSection messages, final VenueVariables variables) {
        final List<TextRule> texts = new ArrayList<>();
        for (final ConfigSection section : messages.sections("text")) {
            final TextMatch text = TextMatch.read(section, EQUALS, MATCHES);
            if (text == null && !section.has(MATCHES)) {
                section.problem(EQUALS, "is missing; add a line: equals = …, or a pattern: matches = …");
            }
            final ControlKind control = control(section);
            // a text that does not compile is a problem already
            final TextMatch match = text == null ? TextMatch.exactly("") : text;
            texts.add(new TextRule(match, control, reply(section, match, control, variables)));
        }
        return List.copyOf(texts);
    }

    private static ControlKind control(final ConfigSection section) {
        final RuleReader.Meaning meaning = AS.read(section, RuleReader.Meaning.IGNORE);
        if (meaning == RuleReader.Meaning.DATA || !section.has(AS.name())) {
            section.problem(AS.name(), "must name the meaning of the text: " + String.join(", ", controls()));
            return ControlKind.IGNORED;
        }
        return meaning.kind();
    }

    private static HeartbeatSpec.Reply reply(final ConfigSection section, final TextMatch text,
            final ControlKind control, final VenueVariables variables) {
        if (!section.has(SEND)) {
            return null;
        }
        if (control != ControlKind.HEARTBEAT && control != ControlKind.SESSION) {
            section.problem(SEND, "answers heartbeats; add as = heartbeat");
        }
        final Set<String> names = new HashSet<>(text.groups());
        names.add("nowMs");
        return new HeartbeatSpec.Reply(new HeartbeatSpec.Answer(text, null),
            variables.template(section, SEND, section.text(SEND, ""), names));
    }

    private static List<String> controls() {
        return Arrays.stream(RuleReader.Meaning.values()).filter(meaning -> meaning != RuleReader.Meaning.DATA)
            .map(meaning -> meaning.name().toLowerCase(Locale.ROOT)).toList();
    }
}
