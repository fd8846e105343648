package penstock.venue.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigSection;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.TextMatch;

/**
 * Heartbeats in addition to WebSocket pings: those that the relay sends, and those of the venue that it answers. Not
 * for the hot path.
 *
 * @param send        message to send, null = none
 * @param every       interval
 * @param onlyIfIdle  only if nothing has arrived for that long
 * @param expect      the venue's answer, null = none is expected
 * @param withinMs    maximum wait for the answer
 * @param replies     answers to the venue's heartbeats; the first that matches counts
 * @param environment values for the templates
 */
public record HeartbeatSpec(MessageTemplate send, Interval every, boolean onlyIfIdle, Answer expect, long withinMs,
        List<Reply> replies, Function<String, String> environment) {
    private static final List<String> NEED_SEND =
        List.of("every", "every-ms", "only-if-idle", "expect", "expect-text", "expect-matches", "within");
    private static final long HOUR_MS = 3_600_000;
    private static final long MIN_MS = 100;

    /**
     * An interval.
     *
     * @param ms    as the file says
     * @param given milliseconds that the venue said before the login, null = none
     */
    public record Interval(long ms, MessageTemplate given) {
        private long ms(final Function<String, String> environment) {
            if (given == null) {
                return ms;
            }
            try {
                final String text = given.render(name -> List.of(), environment);
                return Math.max(MIN_MS, Math.min(HOUR_MS, (long) Double.parseDouble(text)));
            } catch (final NumberFormatException e) {
                return ms;
            }
        }
    }

    /** Recognises a message: by {@code text} or, if that is null, by {@code match}. */
    public record Answer(TextMatch text, MessageMatch match) {
        public boolean takes(final byte[] frame, final int offset, final int length) {
            return text == null ? match.matches(frame, offset, length) : text.matches(frame, offset, length);
        }

        /** The value of a placeholder: a group of the text, or a slice of the JSON; of the message taken last. */
        public String value(final String name, final byte[] frame, final int offset, final int length) {
            if (text != null && text.groups().contains(name)) {
                return text.group(name);
            }
            final String slice = MessageMatch.slice(name, frame, offset, length);
            return slice == null ? "null" : slice;
        }
    }

    /** The answer to a heartbeat of the venue. */
    public record Reply(Answer to, MessageTemplate send) {
    }

    /** The interval of this connection. */
    public long everyMs() {
        return every.ms(environment);
    }

    /** With more replies, after the present ones. */
    public HeartbeatSpec with(final List<Reply> more) {
        final List<Reply> all = new ArrayList<>(replies);
        all.addAll(more);
        return new HeartbeatSpec(send, every, onlyIfIdle, expect, withinMs, List.copyOf(all), environment);
    }

    public static HeartbeatSpec read(final ConfigSection section, final VenueVariables variables) {
        MessageTemplate send = null;
        if (section.has("send")) {
            send = variables.template(section, "send", section.text("send", ""), Set.of("nowMs"));
            if (!section.has("every")) {
                section.problem("every", "is missing; add the interval: every = 20s");
            }
        } else {
            for (final String key : NEED_SEND) {
                if (section.has(key)) {
                    section.problem(key, "has no effect without send");
                }
            }
        }
        final MessageTemplate given = section.has("every-ms")
            ? variables.template(section, "every-ms", section.text("every-ms", ""), Set.of()) : null;
        return new HeartbeatSpec(send, new Interval(section.durationMs("every", 20_000, MIN_MS, HOUR_MS), given),
            section.flag("only-if-idle", false), expected(section), section.durationMs("within", 10_000, 100, HOUR_MS),
            replies(section, variables), variables.environment());
    }

    private static Answer expected(final ConfigSection section) {
        final TextMatch text = TextMatch.read(section, "expect-text", "expect-matches");
        if (section.has("expect") && text != null) {
            section.problem(section.has("expect-text") ? "expect-text" : "expect-matches",
                "is set, and expect too; keep one of them");
        }
        if (section.has("expect")) {
            return new Answer(null, MessageMatch.read(section, "expect"));
        }
        return text == null ? null : new Answer(text, null);
    }

    private static List<Reply> replies(final ConfigSection section, final VenueVariables variables) {
        final List<Reply> replies = new ArrayList<>();
        for (final ConfigSection reply : section.sections("replies")) {
            final TextMatch text = TextMatch.read(reply, "equals", "matches");
            final Answer to = text == null && !reply.has("matches")
                ? new Answer(null, MessageMatch.read(reply, "match")) : new Answer(text, null);
            final Set<String> names = new HashSet<>(Set.of("$", "nowMs"));
            if (text != null) {
                names.addAll(text.groups());
            }
            final String send = reply.requiredText("send");
            replies.add(new Reply(to, variables.template(reply, "send", send, names)));
        }
        return List.copyOf(replies);
    }
}
