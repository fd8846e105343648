package penstock.venue.replay;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.FlagKey;
import penstock.venue.rule.Expression;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.PointerBindings;
import penstock.venue.spec.VenueVariables;

/**
 * The answer of a replay to one kind of message. If the message names several {@code items}, an answer with
 * <code>{@}</code> is sent once per item, any other answer once. Immutable, except for scratch; one thread at a time.
 */
final class ReplayAnswer {
    /** The keys of {@code replay.answers[]}. */
    static final KeyTable KEYS = KeyTable.of("replay.answers[]");
    private static final String MATCH = KEYS.key("match", "conditions", KeyTable.NONE,
        "A client message; the first answer that matches counts.");
    private static final String EQUALS = KEYS.key("equals", "text", KeyTable.NONE, "The same, exactly this text.");
    private static final String ITEMS = KEYS.key("items", "pointer", KeyTable.NONE,
        "Where the message lists items: a template with `{@}` is sent once per item.");
    private static final String SEND = KEYS.key("send", "template", KeyTable.NONE,
        "The answer; `{$/pointer}`, `{@}`, `{accepted}`, `{refused}`.");
    private static final String REFUSE = KEYS.key("refuse", "template", KeyTable.NONE,
        "The answer for symbols given to `replay --refuse`.");
    private static final FlagKey STARTS = KEYS.flag("starts", false,
        "The client has subscribed: the recording starts.");
    private static final Set<String> NAMES = Set.of("$", "accepted", "refused");

    private final byte[] text;
    private final MessageMatch match;
    private final String items;
    private final String send;
    private final String refuse;
    private final boolean starts;
    private final VenueVariables variables;

    private ReplayAnswer(final ConfigSection section, final VenueVariables variables) {
        this.variables = variables;
        final String exactly = section.text(EQUALS, null);
        text = exactly == null ? null : exactly.getBytes(StandardCharsets.UTF_8);
        match = section.has(EQUALS) ? null : MessageMatch.read(section, MATCH);
        items = pointer(section);
        send = section.text(SEND, null);
        refuse = section.text(REFUSE, null);
        starts = STARTS.read(section);
    }

    static ReplayAnswer read(final ConfigSection section, final VenueVariables variables) {
        final ReplayAnswer answer = new ReplayAnswer(section, variables);
        answer.check(section, SEND, answer.send);
        answer.check(section, REFUSE, answer.refuse);
        return answer;
    }

    /** Null if there is none, or if it is unusable. */
    private static String pointer(final ConfigSection section) {
        final String written = section.text(ITEMS, null);
        return written == null
            || section.compiled(ITEMS, () -> Expression.compilePointer(written, new PointerBindings())) == null ? null
            : written;
    }

    private void check(final ConfigSection section, final String key, final String template) {
        if (template != null) {
            if (isForEach(template) && !section.has(ITEMS)) {
                section.problem(key, "has {@}, so items must point to the items of the message: items = \"$/args\"");
            } else if (!isForEach(template) || items != null) {
                variables.template(section, key, ofItem(template, 0), NAMES);
            }
        }
    }

    boolean starts() {
        return starts;
    }

    boolean matches(final byte[] message, final int offset, final int length) {
        return text == null ? match.matches(message, offset, length)
            : Arrays.equals(text, 0, text.length, message, offset, offset + length);
    }

    /** {@code refusedSymbols}: symbols that the venue rejects, alone or as part of a topic. */
    ReplaySpec.Answer answer(final byte[] message, final int offset, final int length,
            final Collection<String> refusedSymbols) {
        final List<String> asked = asked(message, offset, length);
        final List<String> accepted = asked.stream().filter(item -> !isRefused(item, refusedSymbols)).toList();
        final List<String> refused = asked.stream().filter(item -> isRefused(item, refusedSymbols)).toList();
        final Rendering rendering = new Rendering(message, offset, length, accepted, refused);
        final List<String> texts = new ArrayList<>();
        final boolean isRefused = !refused.isEmpty() && (refuse != null || accepted.isEmpty());
        if (send != null && isForEach(send) || refuse != null && isForEach(refuse)) {
            for (int i = 0; i < asked.size(); i++) {
                final String template = isRefused(asked.get(i), refusedSymbols) ? refuse : send;
                if (template != null) {
                    texts.add(rendering.filled(ofItem(template, i)));
                }
            }
            return new ReplaySpec.Answer(texts, starts && (asked.isEmpty() || !accepted.isEmpty()));
        }
        final String template = isRefused && refuse != null ? refuse : send;
        if (template != null) {
            texts.add(rendering.filled(template));
        }
        return new ReplaySpec.Answer(texts, starts && !isRefused);
    }

    /**
     * The values at {@code items}, strings without their quotes; a string with commas is several values. Without {@code
     * items}, the whole message.
     */
    private List<String> asked(final byte[] message, final int offset, final int length) {
        if (items == null) {
            return starts ? List.of(new String(message, offset, length, StandardCharsets.UTF_8)) : List.of();
        }
        final List<String> asked = new ArrayList<>();
        for (String item = at(0, message, offset, length); item != null; item =
                at(asked.size(), message, offset, length)) {
            asked.add(unquoted(item));
        }
        final String alone = asked.isEmpty() ? MessageMatch.slice(items, message, offset, length) : null;
        return alone == null || alone.startsWith("[") ? asked : List.of(unquoted(alone).split(","));
    }

    private String at(final int index, final byte[] message, final int offset, final int length) {
        return MessageMatch.slice(items + "/" + index, message, offset, length);
    }

    private static String unquoted(final String json) {
        return json.startsWith("\"") ? json.substring(1, json.length() - 1) : json;
    }

    /**
     * True if a symbol is a whole word of the topic, ignoring case: BTCUSDT is in btcusdt@trade, but not in
     * BTCUSDTPERP.
     */
    private static boolean isRefused(final String item, final Collection<String> symbols) {
        final String topic = item.toLowerCase(Locale.ROOT);
        return symbols.stream().map(symbol -> symbol.toLowerCase(Locale.ROOT)).anyMatch(symbol -> {
            for (int at = topic.indexOf(symbol); at >= 0; at = topic.indexOf(symbol, at + 1)) {
                final int end = at + symbol.length();
                final boolean isWord = (at == 0 || !Character.isLetterOrDigit(topic.charAt(at - 1)))
                    && (end == topic.length() || !Character.isLetterOrDigit(topic.charAt(end)));
                if (isWord) {
                    return true;
                }
            }
            return false;
        });
    }

    private static boolean isForEach(final String template) {
        return template.contains("{@");
    }

    private String ofItem(final String template, final int index) {
        return items == null ? template : template.replace("{@", "{" + items + "/" + index);
    }

    /** Fills the template for one message. */
    private final class Rendering {
        private final byte[] message;
        private final int offset;
        private final int length;
        private final List<String> accepted;
        private final List<String> refused;

        private Rendering(final byte[] message, final int offset, final int length, final List<String> accepted,
                final List<String> refused) {
            this.message = message;
            this.offset = offset;
            this.length = length;
            this.accepted = accepted;
            this.refused = refused;
        }

        private String filled(final String template) {
            return MessageTemplate.parse(template, NAMES).render(name -> switch (name) {
                case "accepted" -> accepted;
                case "refused" -> refused;
                default -> List.of(slice(name));
            }, variables.environment());
        }

        /** A single text, or one with commas, is not an array. */
        private String slice(final String pointer) {
            final String slice = MessageMatch.slice(pointer, message, offset, length);
            if (slice == null && pointer.equals(items + "/0")) {
                final String alone = MessageMatch.slice(items, message, offset, length);
                return alone == null ? "null" : alone;
            }
            return slice == null ? "null" : slice;
        }
    }
}
