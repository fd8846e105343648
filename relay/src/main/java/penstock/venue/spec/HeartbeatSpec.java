package penstock.venue.spec;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.DurationKey;
import penstock.config.KeyTable.FlagKey;
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
    /** The keys of {@code heartbeat}. */
    public static final KeyTable KEYS = KeyTable.of("heartbeat");
    private static final String SEND = KEYS.key("send", "template", KeyTable.NONE, "A heartbeat of ours; `{nowMs}`.");
    private static final DurationKey EVERY =
        KEYS.duration("every", "required with `send`", 20_000, 100, 3_600_000, "How often.");
    private static final String EVERY_MS = KEYS.key("every-ms", "template", KeyTable.NONE,
        "The interval in milliseconds as the venue gives it: `\"{http:bullet/ping}\"`, from 100 to 3600000. If "
        + "it is no number, `every` counts.");
    private static final FlagKey ONLY_IF_IDLE = KEYS.flag("only-if-idle", false,
        "Send only if nothing came for that long.");
    private static final String EXPECT = KEYS.key("expect", "conditions", KeyTable.NONE, "The venue's answer.");
    private static final String EXPECT_TEXT = KEYS.key("expect-text", "text", KeyTable.NONE,
        "The venue's answer, exactly this text.");
    private static final String EXPECT_MATCHES = KEYS.key("expect-matches", "regular expression", KeyTable.NONE,
        "The venue's answer, which this matches as a whole.");
    private static final DurationKey WITHIN = KEYS.duration("within", 10_000, 100, 3_600_000,
        "Reconnect if the answer takes longer.");
    private static final KeyTable REPLIES = KEYS.section("replies[]");
    private static final String MATCH = REPLIES.key("match", "conditions", KeyTable.NONE,
        "A message of the venue that we answer.");
    private static final String EQUALS = REPLIES.key("equals", "text", KeyTable.NONE, "The same, exactly this text.");
    private static final String MATCHES = REPLIES.key("matches", "regular expression", KeyTable.NONE,
        "The same, by a pattern for the whole text.");
    private static final String REPLY = REPLIES.key("send", "template", KeyTable.REQUIRED,
        "Our answer; `{$/pointer}`, `{nowMs}`, and `{NAME}` for a group `(?<NAME>…)` of `matches`.");
    private static final List<String> NEED_SEND =
        List.of(EVERY.name(), EVERY_MS, ONLY_IF_IDLE.name(), EXPECT, EXPECT_TEXT, EXPECT_MATCHES, WITHIN.name());

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
                return Math.max(EVERY.minMs(), Math.min(EVERY.maxMs(), (long) Double.parseDouble(text)));
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
        if (section.has(SEND)) {
            send = variables.template(section, SEND, section.text(SEND, ""), Set.of("nowMs"));
            if (!section.has(EVERY.name())) {
                section.problem(EVERY.name(), "is missing; add the interval: every = 20s");
            }
        } else {
            for (final String key : NEED_SEND) {
                if (section.has(key)) {
                    section.problem(key, "has no effect without send");
                }
            }
        }
        final MessageTemplate given = section.has(EVERY_MS)
            ? variables.template(section, EVERY_MS, section.text(EVERY_MS, ""), Set.of()) : null;
        return new HeartbeatSpec(send, new Interval(EVERY.readMs(section, 20_000), given),
            ONLY_IF_IDLE.read(section), expected(section), WITHIN.readMs(section),
            replies(section, variables), variables.environment());
    }

    private static Answer expected(final ConfigSection section) {
        final TextMatch text = TextMatch.read(section, EXPECT_TEXT, EXPECT_MATCHES);
        if (section.has(EXPECT) && text != null) {
            section.problem(section.has(EXPECT_TEXT) ? "expect-text" : EXPECT_MATCHES,
                "is set, and expect too; keep one of them");
        }
        if (section.has(EXPECT)) {
            return new Answer(null, MessageMatch.read(section, EXPECT));
        }
        return text == null ? null : new Answer(text, null);
    }

    private static List<Reply> replies(final ConfigSection section, final VenueVariables variables) {
        final List<Reply> replies = new ArrayList<>();
        for (final ConfigSection reply : section.sections("replies")) {
            final TextMatch text = TextMatch.read(reply, EQUALS, MATCHES);
            final Answer to = text == null && !reply.has(MATCHES)
                ? new Answer(null, MessageMatch.read(reply, MATCH)) : new Answer(text, null);
            final Set<String> names = new HashSet<>(Set.of("$", "nowMs"));
            if (text != null) {
                names.addAll(text.groups());
            }
            final String send = reply.requiredText(REPLY);
            replies.add(new Reply(to, variables.template(reply, REPLY, send, names)));
        }
        return List.copyOf(replies);
    }
}
