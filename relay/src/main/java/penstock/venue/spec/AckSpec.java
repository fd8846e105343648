package penstock.venue.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import penstock.config.ConfigSection;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.NameList;

/**
 * How a venue answers our requests. Not for the hot path.
 *
 * @param answers   which messages are answers
 * @param subjects  what they are about
 * @param mode      what one answer settles
 * @param timeoutMs how long it may take
 * @param retries   how often we ask again before the connection is given up
 */
public record AckSpec(Answers answers, Subjects subjects, Mode mode, long timeoutMs, int retries) {
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

    /**
     * Conditions on a message.
     *
     * @param match        an answer; rules that say {@code as = ack} or {@code nack} find answers too
     * @param ok           what an answer must be to be an acceptance, null = every one is
     * @param unsubscribed an answer to an unsubscription, null = only its number tells them apart
     */
    public record Answers(MessageMatch match, MessageMatch ok, MessageMatch unsubscribed) {
    }

    /**
     * Where an answer says what it is about.
     *
     * @param correlate pointers, the first that is there counts: the number we gave or, in mode each and without
     *                  topics, a topic or symbol
     * @param topics    put a topic together, as {@code subscribe.topic} has it; the first all of whose pointers are
     *                  there counts
     * @param accepted  lists of topics or symbols that were taken
     * @param refused   lists of those that were not
     */
    public record Subjects(List<String> correlate, List<MessageTemplate> topics, List<NameList> accepted,
            List<NameList> refused) {
    }

    /**
     * What one answer says.
     *
     * @param id       the number of a request of ours, null if it does not say
     * @param topic    a topic or symbol, null if it does not say
     * @param accepted null if it does not say
     * @param refused  null if it does not say
     */
    public record Answer(String id, String topic, List<String> accepted, List<String> refused) {
    }

    /** Null when the file says nothing of acks. */
    public static AckSpec read(final ConfigSection subscribe) {
        return AckReader.read(subscribe);
    }

    /** An answer; rules that say {@code as = ack} or {@code nack} find answers too. */
    public MessageMatch match() {
        return answers.match();
    }

    /** Whether answers name a request by its number. */
    boolean hasIds() {
        return mode == Mode.BATCH ? !subjects.correlate().isEmpty() : !subjects.topics().isEmpty()
            && !subjects.correlate().isEmpty();
    }

    /** Whether an answer to an unsubscription is known as one. */
    public boolean answersUnsubscribe() {
        return answers.unsubscribed() != null || mode == Mode.STATE || hasIds();
    }

    public Answer read(final byte[] frame, final int offset, final int length) {
        final String subject = subject(frame, offset, length);
        final boolean isTopic = mode == Mode.EACH && subjects.topics().isEmpty();
        return new Answer(isTopic ? null : subject, isTopic ? subject : topic(frame, offset, length),
            names(subjects.accepted(), frame, offset, length), names(subjects.refused(), frame, offset, length));
    }

    private String subject(final byte[] frame, final int offset, final int length) {
        for (final String pointer : subjects.correlate()) {
            final String slice = MessageMatch.slice(pointer, frame, offset, length);
            if (slice != null && !slice.equals("null")) {
                return plain(slice);
            }
        }
        return null;
    }

    private String topic(final byte[] frame, final int offset, final int length) {
        for (final MessageTemplate template : subjects.topics()) {
            final boolean[] isWhole = {true};
            final String topic = template.render(pointer -> {
                final String slice = MessageMatch.slice(pointer, frame, offset, length);
                isWhole[0] &= slice != null && !slice.equals("null");
                return List.of(slice == null || template.isJson() ? String.valueOf(slice) : plain(slice));
            }, Map.<String, String>of()::get);
            if (isWhole[0]) {
                return topic;
            }
        }
        return null;
    }

    private static List<String> names(final List<NameList> lists, final byte[] frame, final int offset,
            final int length) {
        List<String> all = null;
        for (final NameList list : lists) {
            final List<String> names = list.read(frame, offset, length);
            if (names != null) {
                all = all == null ? new ArrayList<>() : all;
                all.addAll(names);
            }
        }
        return all;
    }

    private static String plain(final String slice) {
        final boolean isQuoted = slice.length() > 1 && slice.charAt(0) == '"';
        return isQuoted ? slice.substring(1, slice.length() - 1).replace("\\/", "/") : slice;
    }
}
