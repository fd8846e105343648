package penstock.venue.replay;

import java.util.List;
import java.util.Set;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.DurationKey;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.spec.VenueVariables;

/** The heartbeats that a replay requires from its clients, as the venue does. One thread at a time. */
public final class ReplayPings {
    /** The keys of {@code replay.pings}. */
    static final KeyTable KEYS = KeyTable.of("replay.pings");
    private static final DurationKey EVERY = KEYS.duration("every", 20_000, 10, 3_600_000,
        "Interval of the venue's pings.");
    private static final String SEND = KEYS.key("send", "template", "a protocol ping", "Their text; `{nowMs}`.");
    private static final String ANSWER = KEYS.key("answer", "conditions", "a protocol pong",
        "The client message that answers one.");
    private static final DurationKey WITHIN = KEYS.duration("within", 0, 0, 3_600_000,
        "Close if the answer takes longer; 0 = never.");
    private static final String AFTER = KEYS.key("after", "conditions", KeyTable.NONE,
        "The client message that enables pings; without it they start with the connection.");

    private final long everyMs;
    private final long withinMs;
    private final MessageTemplate send;
    private final MessageMatch answer;
    private final MessageMatch after;
    private final VenueVariables variables;

    private ReplayPings(final long everyMs, final long withinMs, final MessageTemplate send, final MessageMatch answer,
            final MessageMatch after, final VenueVariables variables) {
        this.everyMs = everyMs;
        this.withinMs = withinMs;
        this.send = send;
        this.answer = answer;
        this.after = after;
        this.variables = variables;
    }

    /** Null if the venue does not ping. */
    static ReplayPings read(final ConfigSection replay, final VenueVariables variables) {
        if (!replay.has("pings")) {
            return null;
        }
        final ConfigSection section = replay.section("pings");
        final String text = section.text(SEND, null);
        final MessageTemplate send = text == null ? null : variables.template(section, SEND, text, Set.of("nowMs"));
        final MessageMatch answer = section.has(ANSWER) ? MessageMatch.read(section, ANSWER) : null;
        final long withinMs = WITHIN.readMs(section);
        if (answer != null && send == null) {
            section.problem(ANSWER, "has no effect without send: a WebSocket ping is answered by a pong");
        }
        if (send != null && answer == null && withinMs > 0) {
            section.problem(WITHIN.name(), "has no effect without answer; add the answer of a client");
        }
        return new ReplayPings(EVERY.readMs(section), withinMs, send, answer,
            section.has(AFTER) ? MessageMatch.read(section, AFTER) : null, variables);
    }

    /** Interval of the pings. */
    public long everyMs() {
        return everyMs;
    }

    /** Maximum wait for an answer, 0 = unlimited. */
    public long withinMs() {
        return withinMs;
    }

    /** True if pings begin with the connection, false if they begin with a message of the client. */
    public boolean beginAtOnce() {
        return after == null;
    }

    /** True if this message of a client starts the pings. */
    public boolean beginAfter(final byte[] message, final int offset, final int length) {
        return after != null && after.matches(message, offset, length);
    }

    /** The message to send; null = a WebSocket ping. */
    public String text(final long epochMs) {
        return send == null ? null : send.render(name -> List.of(Long.toString(epochMs)), variables.environment());
    }

    /** True if this message of a client answers a ping. */
    public boolean isAnswer(final byte[] message, final int offset, final int length) {
        return answer != null && answer.matches(message, offset, length);
    }
}
