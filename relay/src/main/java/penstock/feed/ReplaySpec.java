package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import penstock.config.Section;
import penstock.feed.rules.MessageMatch;
import penstock.feed.rules.Template;

/**
 * How a replay plays this venue: what it says first, what it answers to clients, and when the recording begins. One thread at a time.
 */
public final class ReplaySpec {
    private final List<String> onOpen;
    private final List<Rule> rules;
    private final String startsOnPath;
    private final Variables variables;

    private ReplaySpec(final List<String> onOpen, final List<Rule> rules, final String startsOnPath, final Variables variables) {
        this.variables = variables;
        this.onOpen = onOpen;
        this.rules = rules;
        this.startsOnPath = startsOnPath;
    }

    /** What is answered to a message: {@code text} exactly, or what {@code match} takes; {@code send} may be null. */
    private record Rule(byte[] text, MessageMatch match, Template send, boolean starts) {
        boolean takes(final byte[] message, final int offset, final int length) {
            return text == null ? match.matches(message, offset, length)
                : Arrays.equals(text, 0, text.length, message, offset, offset + length);
        }
    }

    /**
     * The answer to one message.
     *
     * @param texts  what is sent back, in order
     * @param starts the client has subscribed: the recording begins
     */
    public record Answer(List<String> texts, boolean starts) {
        /** Nothing is said. */
        public static final Answer SILENCE = new Answer(List.of(), false);
    }

    static ReplaySpec read(final Section section, final Variables variables) {
        final List<Rule> rules = new ArrayList<>();
        for (final Section answer : section.sections("answers")) {
            rules.add(rule(answer, variables));
        }
        final ReplaySpec spec = new ReplaySpec(section.texts("on-open"), rules, section.text("starts-on-path", null), variables);
        section.refuseUnknownKeys();
        return spec;
    }

    private static Rule rule(final Section section, final Variables variables) {
        final String text = section.text("equals", null);
        final MessageMatch match = text == null ? MessageMatch.read(section, "match") : null;
        final String send = section.text("send", null);
        final Template template = send == null ? null : variables.template(section, "send", send, Set.of("$"));
        final byte[] bytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
        final Rule rule = new Rule(bytes, match, template, section.flag("starts", false));
        section.refuseUnknownKeys();
        return rule;
    }

    /** The texts that greet a client. */
    public List<String> onOpen() {
        return onOpen;
    }

    /** Whether clients say what they want at all; if not, the recording begins when the first has connected. */
    public boolean startsOnConnect() {
        return startsOnPath == null && rules.stream().noneMatch(Rule::starts);
    }

    /** Whether a client that connects to this path and query has thereby subscribed. */
    public boolean startsOnPath(final String path) {
        return startsOnConnect() || startsOnPath != null && path.contains(startsOnPath);
    }

    /** What the venue says to this message; the first rule that takes it counts. */
    public Answer answer(final byte[] message, final int offset, final int length) {
        for (final Rule rule : rules) {
            if (rule.takes(message, offset, length)) {
                return new Answer(rule.send() == null ? List.of() : List.of(filled(rule.send(), message, offset, length)), rule.starts());
            }
        }
        return Answer.SILENCE;
    }

    private String filled(final Template send, final byte[] message, final int offset, final int length) {
        return send.render(pointer -> {
            final String slice = MessageMatch.slice(pointer, message, offset, length);
            return List.of(slice == null ? "null" : slice);
        }, variables.environment());
    }
}
