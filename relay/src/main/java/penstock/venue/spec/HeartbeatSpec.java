package penstock.venue.spec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigSection;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;

/**
 * Heartbeats in addition to WebSocket pings: those that the relay sends, and those of the venue that it answers. Not
 * for the hot path.
 *
 * @param send        message to send, null = none
 * @param everyMs     interval
 * @param onlyIfIdle  only if nothing has arrived for {@code everyMs}
 * @param expect      the venue's answer, null = none is expected
 * @param withinMs    maximum wait for the answer
 * @param replies     answers to the venue's heartbeats; the first that matches counts
 * @param environment values for the templates
 */
public record HeartbeatSpec(MessageTemplate send, long everyMs, boolean onlyIfIdle, Answer expect, long withinMs,
        List<Reply> replies, Function<String, String> environment) {
    private static final long HOUR_MS = 3_600_000;

    /** Recognises a message: by its exact {@code text} or, if that is null, by {@code match}. */
    public record Answer(byte[] text, MessageMatch match) {
        public boolean takes(final byte[] frame, final int offset, final int length) {
            return text == null ? match.matches(frame, offset, length)
                : Arrays.equals(text, 0, text.length, frame, offset, offset + length);
        }
    }

    /** The answer to a heartbeat of the venue. */
    public record Reply(Answer to, MessageTemplate send) {
    }

    public static HeartbeatSpec read(final ConfigSection section, final VenueVariables variables) {
        MessageTemplate send = null;
        if (section.has("send")) {
            send = variables.template(section, "send", section.text("send", ""), Set.of("nowMs"));
            if (!section.has("every")) {
                section.problem("every", "is missing; add the interval: every = 20s");
            }
        } else {
            for (final String key : List.of("every", "only-if-idle", "expect", "expect-text", "within")) {
                if (section.has(key)) {
                    section.problem(key, "has no effect without send");
                }
            }
        }
        return new HeartbeatSpec(send, section.durationMs("every", 20_000, 100, HOUR_MS),
            section.flag("only-if-idle", false), expected(section), section.durationMs("within", 10_000, 100, HOUR_MS),
            replies(section, variables), variables.environment());
    }

    private static Answer expected(final ConfigSection section) {
        if (section.has("expect") && section.has("expect-text")) {
            section.problem("expect-text", "is set, and expect too; keep one of them");
        }
        return section.has("expect") ? new Answer(null, MessageMatch.read(section, "expect"))
            : text(section, "expect-text");
    }

    private static List<Reply> replies(final ConfigSection section, final VenueVariables variables) {
        final List<Reply> replies = new ArrayList<>();
        for (final ConfigSection reply : section.sections("replies")) {
            final Answer text = text(reply, "equals");
            final Answer to = text == null ? new Answer(null, MessageMatch.read(reply, "match")) : text;
            final String send = reply.requiredText("send");
            replies.add(new Reply(to, variables.template(reply, "send", send, Set.of("$", "nowMs"))));
        }
        return List.copyOf(replies);
    }

    private static Answer text(final ConfigSection section, final String key) {
        return section.has(key) ? new Answer(section.text(key, "").getBytes(StandardCharsets.UTF_8), null) : null;
    }
}
