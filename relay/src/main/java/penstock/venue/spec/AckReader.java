package penstock.venue.spec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigSection;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.NameList;

/** Reads {@code subscribe.ack}. Owned by the thread that reads the file. */
final class AckReader {
    private static final byte[] JSON_NULL = "null".getBytes(StandardCharsets.UTF_8);
    private static final List<String> ANSWER_KEYS =
        List.of("match", "ok", "unsubscribed", "correlate", "topic", "accepted", "refused");

    private final ConfigSection section;

    private AckReader(final ConfigSection section) {
        this.section = section;
    }

    /** Null if the file has no acks, or declares that there are none. */
    static AckSpec read(final ConfigSection subscribe) {
        return subscribe.has("ack") ? new AckReader(subscribe.section("ack")).read() : null;
    }

    private AckSpec read() {
        final List<String> correlate = section.textOrTexts("correlate");
        correlate.forEach(pointer -> section.compiled("correlate",
            () -> MessageMatch.slice(pointer, JSON_NULL, 0, JSON_NULL.length)));
        final List<MessageTemplate> topics = topics();
        final AckSpec.Mode mode = section.choice("mode", defaultMode(correlate, topics), AckSpec.Mode.class);
        check(mode, correlate, topics);
        final long timeoutMs = section.durationMs("timeout", 10_000, 100, 600_000);
        final int retries = section.integer("retries", 2, 0, 100);
        if (mode == AckSpec.Mode.NONE) {
            ANSWER_KEYS.forEach(section::has);
            return null;
        }
        final AckSpec.Answers answers =
            new AckSpec.Answers(MessageMatch.read(section, "match"), match("ok"), match("unsubscribed"));
        final AckSpec.Subjects subjects = new AckSpec.Subjects(correlate, topics,
            compiled("accepted", NameList::compile), compiled("refused", NameList::compile));
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
            section.problem("mode", "is each, so correlate must point to the topic or symbol in the answer");
        }
        if (mode != AckSpec.Mode.EACH && !topics.isEmpty()) {
            section.problem("topic", "needs mode = each: one answer per topic");
        }
        if (mode == AckSpec.Mode.NONE && ANSWER_KEYS.stream().anyMatch(section::has)) {
            section.problem("mode", "is none, so no answer is expected; remove "
                + String.join(", ", ANSWER_KEYS.stream().filter(section::has).toList()));
        }
        if (mode != AckSpec.Mode.BATCH && mode != AckSpec.Mode.NONE) {
            for (final String key : List.of("accepted", "refused")) {
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
        return compiled("topic", source -> {
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
