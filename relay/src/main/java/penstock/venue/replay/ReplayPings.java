package penstock.venue.replay;

import java.util.List;
import java.util.Set;
import penstock.config.ConfigSection;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.spec.VenueVariables;

/**
 * The signs of life that a replay asks its clients for, as the venue does. One thread at a time.
 */
public final class ReplayPings {
    private static final long HOUR_MS = 3_600_000;

    private final long everyMs;
    private final long withinMs;
    private final MessageTemplate send;
    private final MessageMatch answer;
    private final MessageMatch after;
    private final VenueVariables variables;

    private ReplayPings(
            final long everyMs, final long withinMs, final MessageTemplate send, final MessageMatch answer,
            final MessageMatch after,
            final VenueVariables variables) {
        this.everyMs = everyMs;
        this.withinMs = withinMs;
        this.send = send;
        this.answer = answer;
        this.after = after;
        this.variables = variables;
    }

    /** Null when the venue does not ping. */
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
            section.problem("answer", "is of no use without send: a ping of the protocol is answered by a pong");
        }
        if (send != null && answer == null && withinMs > 0) {
            section.problem("within", "is of no use without answer: say what a client must send");
        }
        final ReplayPings pings =
            new ReplayPings(section.durationMs("every", 20_000, 10, HOUR_MS), withinMs, send, answer,
            section.has("after") ? MessageMatch.read(section, "after") : null, variables);
        section.refuseUnknownKeys();
        return pings;
    }

    /** Time between two. */
    public long everyMs() {
        return everyMs;
    }

    /** How long a client may leave them unanswered, 0 = for ever. */
    public long withinMs() {
        return withinMs;
    }

    /** Whether they begin with the connection, not with a message that asks for them. */
    public boolean beginAtOnce() {
        return after == null;
    }

    /** Whether this message of a client asks for them. */
    public boolean beginAfter(final byte[] message, final int offset, final int length) {
        return after != null && after.matches(message, offset, length);
    }

    /** The message; null = a ping of the WebSocket protocol. */
    public String text(final long epochMs) {
        return send == null ? null : send.render(name -> List.of(Long.toString(epochMs)), variables.environment());
    }

    /** Whether this message of a client answers one. */
    public boolean isAnswer(final byte[] message, final int offset, final int length) {
        return answer != null && answer.matches(message, offset, length);
    }
}
