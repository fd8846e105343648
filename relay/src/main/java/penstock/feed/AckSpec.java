package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.List;
import penstock.config.Section;
import penstock.feed.rules.MessageMatch;

/**
 * How a venue answers our requests. Not for the hot path.
 *
 * @param match     an answer; rules that say {@code as = ack} or {@code nack} find answers too
 * @param ok        what an answer must be to be an acceptance, null = every one is
 * @param correlate pointers to what the answer is about, the first that is there counts: the number we gave, or a topic or symbol
 * @param mode      what one answer settles
 * @param timeoutMs how long it may take
 * @param retries   how often we ask again before the connection is given up
 */
public record AckSpec(MessageMatch match, MessageMatch ok, List<String> correlate, Mode mode, long timeoutMs, int retries) {
    private static final long TIMEOUT_MS = 10_000;
    private static final byte[] NOTHING = "null".getBytes(StandardCharsets.UTF_8);

    /** What one answer settles. */
    public enum Mode {
        /** One topic or symbol. */
        EACH,
        /** One message of ours. */
        BATCH,
        /** Everything asked for until now: the venue tells its whole set. */
        STATE,
        /** Nothing: it does not answer, and data alone shows that it took the request. */
        NONE
    }

    /** Null when the file says nothing of acks. */
    static AckSpec read(final Section subscribe) {
        if (!subscribe.has("ack")) {
            return null;
        }
        final Section section = subscribe.section("ack");
        Later.refuse(section, "key", "topic", "accepted", "refused");
        final List<String> correlate = correlate(section);
        final Mode mode = section.choice("mode", correlate.isEmpty() ? Mode.STATE : Mode.BATCH, Mode.class);
        if (mode == Mode.EACH && correlate.isEmpty()) {
            section.problem("mode", "is each, so correlate must say where the answer names its topic or symbol");
        }
        if (mode == Mode.NONE && (section.has("match") || section.has("ok") || section.has("correlate"))) {
            section.problem("mode", "is none: no answer is waited for; remove match, ok and correlate");
        }
        final MessageMatch ok = section.has("ok") ? MessageMatch.read(section, "ok") : null;
        final MessageMatch match = mode == Mode.NONE ? null : MessageMatch.read(section, "match");
        final AckSpec ack = new AckSpec(match, ok, correlate, mode, section.durationMs("timeout", TIMEOUT_MS, 100, 600_000),
            section.integer("retries", 2, 0, 100));
        section.refuseUnknownKeys();
        return mode == Mode.NONE ? null : ack;
    }

    private static List<String> correlate(final Section section) {
        final List<String> pointers = section.isText("correlate") ? List.of(section.text("correlate", "")) : section.texts("correlate");
        for (final String pointer : pointers) {
            try {
                MessageMatch.slice(pointer, NOTHING, 0, NOTHING.length);
            } catch (final IllegalArgumentException e) {
                section.problem("correlate", e.getMessage());
                return List.of();
            }
        }
        return pointers;
    }

    /** What an answer is about, null if it does not say. */
    String subject(final byte[] frame, final int offset, final int length) {
        for (final String pointer : correlate) {
            final String slice = MessageMatch.slice(pointer, frame, offset, length);
            if (slice != null && !slice.equals("null")) {
                final boolean isQuoted = slice.length() > 1 && slice.charAt(0) == '"';
                return isQuoted ? slice.substring(1, slice.length() - 1).replace("\\/", "/") : slice;
            }
        }
        return null;
    }
}
