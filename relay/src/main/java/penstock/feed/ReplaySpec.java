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

    /**
     * What is answered to a message: {@code text} exactly, or what {@code match} takes; {@code send} may be null, and is sent for every
     * element of the list at {@code each}, if that is not null.
     */
    private record Rule(byte[] text, MessageMatch match, String each, Template send, boolean starts) {
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
        final String each = each(section);
        final String send = section.text("send", null);
        final Template template = send == null ? null
            : variables.template(section, "send", send, each == null ? Set.of("$") : Set.of("$", "@"));
        final byte[] bytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
        final Rule rule = new Rule(bytes, match, each, template, section.flag("starts", false));
        section.refuseUnknownKeys();
        return rule;
    }

    /** The pointer to a list, without its star. */
    private static String each(final Section section) {
        final String each = section.text("each", null);
        if (each == null) {
            return null;
        }
        final String list = each.endsWith("/*") ? each.substring(0, each.length() - 2) : "";
        if (!list.startsWith("$") || list.contains("*")) {
            section.problem("each", "must be a pointer to the elements of a list, like $/symbols/*, got " + each);
            return null;
        }
        return list;
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
                return new Answer(texts(rule, message, offset, length), rule.starts());
            }
        }
        return Answer.SILENCE;
    }

    private List<String> texts(final Rule rule, final byte[] message, final int offset, final int length) {
        if (rule.send() == null) {
            return List.of();
        }
        if (rule.each() == null) {
            return List.of(filled(rule.send(), "", message, offset, length));
        }
        final List<String> texts = new ArrayList<>();
        while (MessageMatch.slice(rule.each() + "/" + texts.size(), message, offset, length) != null) {
            texts.add(filled(rule.send(), rule.each() + "/" + texts.size(), message, offset, length));
        }
        return texts;
    }

    private String filled(final Template send, final String element, final byte[] message, final int offset, final int length) {
        return send.render(pointer -> {
            final String slice = MessageMatch.slice(pointer.equals("@") ? element : pointer, message, offset, length);
            return List.of(slice == null ? "null" : slice);
        }, variables.environment());
    }
}
