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
 * Signs of life beside the protocol's own pings: those we send, and those of the venue that we answer. Not for the hot
 * path.
 *
 * @param send        what we send, null = nothing
 * @param everyMs     how often
 * @param onlyIfIdle  only when nothing has come from the venue for so long
 * @param expect      the venue's answer, null = none is waited for
 * @param withinMs    how long the answer may take
 * @param replies     what we answer; the first that takes a message counts
 * @param environment for the templates
 */
public record HeartbeatSpec(
        MessageTemplate send, long everyMs, boolean onlyIfIdle, Answer expect, long withinMs, List<Reply> replies,
        Function<String, String> environment) {
    private static final long HOUR_MS = 3_600_000;

    /**
     * A message of the venue: {@code text} exactly or, if that is null, what {@code match} takes.
     */
    public record Answer(byte[] text, MessageMatch match) {
        public boolean takes(final byte[] frame, final int offset, final int length) {
            return text == null ? match.matches(frame, offset, length)
                : Arrays.equals(text, 0, text.length, frame, offset, offset + length);
        }
    }

    /** What is sent when the venue says that. */
    public record Reply(Answer to, MessageTemplate send) {
    }

    public static HeartbeatSpec read(final ConfigSection section, final VenueVariables variables) {
        MessageTemplate send = null;
        if (section.has("send")) {
            send = variables.template(section, "send", section.text("send", ""), Set.of("nowMs"));
            if (!section.has("every")) {
                section.problem("every", "is missing; say how often: every = 20s");
            }
        } else {
            for (final String key : List.of("every", "only-if-idle", "expect", "expect-text", "within")) {
                if (section.has(key)) {
                    section.problem(key, "is of no use without send");
                }
            }
        }
        final HeartbeatSpec spec = new HeartbeatSpec(send, section.durationMs("every", 20_000, 100, HOUR_MS),
            section.flag("only-if-idle", false), expected(section), section.durationMs("within", 10_000, 100, HOUR_MS),
            replies(section, variables), variables.environment());
        section.refuseUnknownKeys();
        return spec;
    }

    /** Whether there is anything to do at all. */
    boolean isSilent() {
        return send == null && replies.isEmpty();
    }

    private static Answer expected(final ConfigSection section) {
        if (section.has("expect") && section.has("expect-text")) {
            section.problem("expect-text", "stands beside expect; keep one of them");
        }
        if (section.has("expect")) {
            return new Answer(null, MessageMatch.read(section, "expect"));
        }
        return text(section, "expect-text");
    }

    private static List<Reply> replies(final ConfigSection section, final VenueVariables variables) {
        final List<Reply> replies = new ArrayList<>();
        for (final ConfigSection reply : section.sections("replies")) {
            final Answer text = text(reply, "equals");
            final Answer to = text == null ? new Answer(null, MessageMatch.read(reply, "match")) : text;
            final String send = reply.requiredText("send");
            replies.add(new Reply(to, variables.template(reply, "send", send, Set.of("$", "nowMs"))));
            reply.refuseUnknownKeys();
        }
        return List.copyOf(replies);
    }

    private static Answer text(final ConfigSection section, final String key) {
        return section.has(key) ? new Answer(section.text(key, "").getBytes(StandardCharsets.UTF_8), null) : null;
    }
}
