package penstock.venue.replay;

import java.util.List;
import java.util.Set;
import penstock.config.ConfigSection;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.spec.VenueVariables;

/** The heartbeats that a replay requires from its clients, as the venue does. One thread at a time. */
public final class ReplayPings {
    private static final long HOUR_MS = 3_600_000;

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
        final String text = section.text("send", null);
        final MessageTemplate send = text == null ? null : variables.template(section, "send", text, Set.of("nowMs"));
        final MessageMatch answer = section.has("answer") ? MessageMatch.read(section, "answer") : null;
        final long withinMs = section.durationMs("within", 0, 0, HOUR_MS);
        if (answer != null && send == null) {
            section.problem("answer", "has no effect without send: a WebSocket ping is answered by a pong");
        }
        if (send != null && answer == null && withinMs > 0) {
            section.problem("within", "has no effect without answer; add the answer of a client");
        }
        return new ReplayPings(section.durationMs("every", 20_000, 10, HOUR_MS), withinMs, send, answer,
            section.has("after") ? MessageMatch.read(section, "after") : null, variables);
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
