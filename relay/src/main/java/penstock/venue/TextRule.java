package penstock.venue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import penstock.config.ConfigSection;
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
    /** Reads {@code messages.text}. */
    static List<TextRule> read(final ConfigSection messages, final VenueVariables variables) {
        final List<TextRule> texts = new ArrayList<>();
        for (final ConfigSection section : messages.sections("text")) {
            final TextMatch text = TextMatch.read(section, "equals", "matches");
            if (text == null && !section.has("matches")) {
                section.problem("equals", "is missing; add a line: equals = …, or a pattern: matches = …");
            }
            final ControlKind control = control(section);
            // a text that does not compile is a problem already
            final TextMatch match = text == null ? TextMatch.exactly("") : text;
            texts.add(new TextRule(match, control, reply(section, match, control, variables)));
        }
        return List.copyOf(texts);
    }

    private static ControlKind control(final ConfigSection section) {
        final RuleReader.Meaning meaning = section.choice("as", RuleReader.Meaning.IGNORE, RuleReader.Meaning.class);
        if (meaning == RuleReader.Meaning.DATA || !section.has("as")) {
            section.problem("as", "must name the meaning of the text: " + String.join(", ", controls()));
            return ControlKind.IGNORED;
        }
        return meaning.kind();
    }

    private static HeartbeatSpec.Reply reply(final ConfigSection section, final TextMatch text,
            final ControlKind control, final VenueVariables variables) {
        if (!section.has("send")) {
            return null;
        }
        if (control != ControlKind.HEARTBEAT && control != ControlKind.SESSION) {
            section.problem("send", "answers heartbeats; add as = heartbeat");
        }
        final Set<String> names = new HashSet<>(text.groups());
        names.add("nowMs");
        return new HeartbeatSpec.Reply(new HeartbeatSpec.Answer(text, null),
            variables.template(section, "send", section.text("send", ""), names));
    }

    private static List<String> controls() {
        return Arrays.stream(RuleReader.Meaning.values()).filter(meaning -> meaning != RuleReader.Meaning.DATA)
            .map(meaning -> meaning.name().toLowerCase(Locale.ROOT)).toList();
    }
}
