package penstock.venue.spec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;
import penstock.config.KeyTable.DurationKey;
import penstock.config.KeyTable.NumberKey;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.NameList;

/** Reads {@code subscribe.ack}. Owned by the thread that reads the file. */
final class AckReader {
    /** The keys of {@code subscribe.ack}. */
    static final KeyTable KEYS = KeyTable.of("subscribe.ack");
    private static final String MATCH = KEYS.key("match", "conditions", KeyTable.NONE, "A message that acknowledges.");
    private static final String OK = KEYS.key("ok", "conditions", KeyTable.NONE,
        "Must hold too, or the message is a refusal.");
    private static final String UNSUBSCRIBED = KEYS.key("unsubscribed", "conditions", KeyTable.NONE,
        "A message that acknowledges an unsubscribe.");
    private static final ChoiceKey<AckSpec.Mode> MODE = KEYS.choice("mode", AckSpec.Mode.class, "derived",
        "What one answer covers: `each` one item, `batch` one message, `state` everything requested so far; "
        + "`none`: no answers are expected. Default: `each` with `topic`, `batch` with `correlate`, else `state`.");
    private static final String CORRELATE = KEYS.key("correlate", "pointer or list of pointers", KeyTable.NONE,
        "Where the answer repeats the id.");
    private static final String TOPIC = KEYS.key("topic", "template or list of templates", KeyTable.NONE,
        "Mode `each`: assembles the item's name from the answer, as `subscribe.topic` writes it; several with "
        + "commas. A pointer may have filters: `{$/message | re('subscribed to: (.+)')}`.");
    private static final String ACCEPTED = KEYS.key("accepted", "pointer or list of pointers", KeyTable.NONE,
        "Mode `batch`: the list of accepted items; filters apply to each name.");
    private static final String REFUSED = KEYS.key("refused", "pointer or list of pointers", KeyTable.NONE,
        "Mode `batch`: the list of refused items; the same.");
    private static final DurationKey TIMEOUT = KEYS.duration("timeout", 10_000, 100, 600_000,
        "Then a message with several items is halved, and a message with one item is repeated.");
    private static final NumberKey RETRIES = KEYS.number("retries", 2, 0, 100,
        "Repetitions of a message with one item. Then its topics are `closed` until the next connection, if the "
        + "venue has answered another request or sent data on this connection; else the connection is replaced.");
    private static final byte[] JSON_NULL = "null".getBytes(StandardCharsets.UTF_8);
    private static final List<String> ANSWER_KEYS =
        List.of(MATCH, OK, UNSUBSCRIBED, CORRELATE, TOPIC, ACCEPTED, REFUSED);

    private final ConfigSection section;

    private AckReader(final ConfigSection section) {
        this.section = section;
    }

    /** Null if the file has no acks, or declares that there are none. */
    static AckSpec read(final ConfigSection subscribe) {
        return subscribe.has("ack") ? new AckReader(subscribe.section("ack")).read() : null;
    }

    private AckSpec read() {
        final List<String> correlate = section.textOrTexts(CORRELATE);
        correlate.forEach(pointer -> section.compiled(CORRELATE,
            () -> MessageMatch.slice(pointer, JSON_NULL, 0, JSON_NULL.length)));
        final List<MessageTemplate> topics = topics();
        final AckSpec.Mode mode = MODE.read(section, defaultMode(correlate, topics));
        check(mode, correlate, topics);
        final long timeoutMs = TIMEOUT.readMs(section);
        final int retries = RETRIES.read(section);
        if (mode == AckSpec.Mode.NONE) {
            ANSWER_KEYS.forEach(section::has);
            return null;
        }
        final AckSpec.Answers answers =
            new AckSpec.Answers(MessageMatch.read(section, MATCH), match(OK), match(UNSUBSCRIBED));
        final AckSpec.Subjects subjects = new AckSpec.Subjects(correlate, topics,
            compiled(ACCEPTED, NameList::compile), compiled(REFUSED, NameList::compile));
        return new AckSpec(answers, subjects, mode, timeoutMs, retries);
    }

    private static AckSpec.Mode defaultMode(final List<String> correlate, final List<MessageTemplate> topics) {
        if (!topics.isEmpty()) {
            return AckSpec.Mode.EACH;
        }
        return correlate.isEmpty() ? AckSpec.Mode.STATE : AckSpec.Mode.BATCH;
    }

    private void check(final AckSpec.Mode mode, final List<String> correlate, final List<MessageTemplate> topics) {
        if (mode == AckSpec.Mode.EACH && correlate.isEmpty() && topics.isEmpty()) {
            section.problem(MODE.name(), "is each, so correlate must point to the topic or symbol in the answer");
        }
        if (mode != AckSpec.Mode.EACH && !topics.isEmpty()) {
            section.problem(TOPIC, "needs mode = each: one answer per topic");
        }
        if (mode == AckSpec.Mode.NONE && ANSWER_KEYS.stream().anyMatch(section::has)) {
            section.problem(MODE.name(), "is none, so no answer is expected; remove "
                + String.join(", ", ANSWER_KEYS.stream().filter(section::has).toList()));
        }
        if (mode != AckSpec.Mode.BATCH && mode != AckSpec.Mode.NONE) {
            for (final String key : List.of(ACCEPTED, REFUSED)) {
                if (section.has(key)) {
                    section.problem(key, "needs mode = batch: one answer per message");
                }
            }
        }
    }

    private MessageMatch match(final String key) {
        return section.has(key) ? MessageMatch.read(section, key) : null;
    }

    private List<MessageTemplate> topics() {
        return compiled(TOPIC, source -> {
            final MessageTemplate template = MessageTemplate.parse(source, Set.of("$", MessageTemplate.FILTERED));
            if (!template.uses("$") || !template.requiredVariables().isEmpty()) {
                throw new IllegalArgumentException(
                    "must build the topic from the answer, like \"{$/channel} {$/symbol}\", got " + source);
            }
            return template;
        });
    }

    /** The texts at {@code key} that compile; the others become problems. */
    private <T> List<T> compiled(final String key, final Function<String, T> compile) {
        return section.textOrTexts(key).stream().map(text -> section.compiled(key, () -> compile.apply(text)))
            .filter(Objects::nonNull).toList();
    }
}
