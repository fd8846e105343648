package penstock.venue.spec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import penstock.config.ConfigSection;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.NameList;

/** Reads {@code subscribe.ack}. Owned by the thread that reads the file. */
final class AckReader {
    private static final long TIMEOUT_MS = 10_000;
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
        final List<String> correlate = texts("correlate");
        correlate.forEach(this::checkPointer);
        final List<MessageTemplate> topics = topics();
        final AckSpec.Mode mode = section.choice("mode", defaultMode(correlate, topics), AckSpec.Mode.class);
        check(mode, correlate, topics);
        if (mode == AckSpec.Mode.NONE) {
            ANSWER_KEYS.forEach(section::has);
            finish();
            return null;
        }
        final AckSpec.Answers answers =
            new AckSpec.Answers(MessageMatch.read(section, "match"), match("ok"), match("unsubscribed"));
        final AckSpec.Subjects subjects = new AckSpec.Subjects(correlate, topics, names("accepted"), names("refused"));
        final AckSpec ack =
            new AckSpec(answers, subjects, mode, section.durationMs("timeout", TIMEOUT_MS, 100, 600_000),
            section.integer("retries", 2, 0, 100));
        section.refuseUnknownKeys();
        return ack;
    }

    private void finish() {
        section.durationMs("timeout", TIMEOUT_MS, 100, 600_000);
        section.integer("retries", 2, 0, 100);
        section.refuseUnknownKeys();
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

    private void checkPointer(final String pointer) {
        try {
            MessageMatch.slice(pointer, JSON_NULL, 0, JSON_NULL.length);
        } catch (final IllegalArgumentException e) {
            section.problem("correlate", e.getMessage());
        }
    }

    private List<MessageTemplate> topics() {
        final List<MessageTemplate> templates = new ArrayList<>();
        for (final String source : texts("topic")) {
            try {
                final MessageTemplate template = MessageTemplate.parse(source, Set.of("$"));
                if (!template.uses("$") || !template.requiredVariables().isEmpty()) {
                    throw new IllegalArgumentException(
                        "must build the topic from the answer, like \"{$/channel} {$/symbol}\", got "
                        + source);
                }
                templates.add(template);
            } catch (final IllegalArgumentException e) {
                section.problem("topic", e.getMessage());
            }
        }
        return List.copyOf(templates);
    }

    private List<NameList> names(final String key) {
        final List<NameList> names = new ArrayList<>();
        for (final String source : texts(key)) {
            try {
                names.add(NameList.compile(source));
            } catch (final IllegalArgumentException e) {
                section.problem(key, e.getMessage());
            }
        }
        return List.copyOf(names);
    }

    private List<String> texts(final String key) {
        return section.isText(key) ? List.of(section.text(key, "")) : section.texts(key);
    }
}
