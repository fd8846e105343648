package penstock.venue.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import penstock.venue.rule.MessageMatch;
import penstock.venue.rule.MessageTemplate;
import penstock.venue.rule.NameList;

/**
 * How a venue acknowledges requests. Not for the hot path.
 *
 * @param answers   recognises acknowledgements
 * @param subjects  finds the request that an acknowledgement refers to
 * @param mode      scope of one acknowledgement
 * @param timeoutMs maximum wait for an acknowledgement
 * @param retries   number of repeated requests before the connection is given up
 */
public record AckSpec(Answers answers, Subjects subjects, Mode mode, long timeoutMs, int retries) {
    /** Scope of one acknowledgement. */
    public enum Mode {
        /** One topic or symbol. */
        EACH,
        /** One request message. */
        BATCH,
        /** All requests so far: the venue reports its complete set. */
        STATE,
        /** The venue does not acknowledge; only data shows that it accepted the request. */
        NONE
    }

    /**
     * Conditions on a message.
     *
     * @param match        an acknowledgement; rules with {@code as = ack} or {@code nack} find them too
     * @param ok           condition for an acceptance, null = every acknowledgement is one
     * @param unsubscribed acknowledges an unsubscription, null = only its id shows that
     */
    public record Answers(MessageMatch match, MessageMatch ok, MessageMatch unsubscribed) {
    }

    /**
     * Places of the subject.
     *
     * @param correlate pointers to the request id or, in mode each and without topics, to a topic or symbol; the first
     *     one present counts
     * @param topics    templates of a topic as in {@code subscribe.topic}; the first one whose pointers are all present
     *     counts
     * @param accepted  lists of accepted topics or symbols
     * @param refused   lists of rejected topics or symbols
     */
    public record Subjects(List<String> correlate, List<MessageTemplate> topics, List<NameList> accepted,
            List<NameList> refused) {
    }

    /**
     * The content of one acknowledgement; null = not given.
     *
     * @param id       id of the request
     * @param topic    a topic or symbol
     * @param accepted accepted topics or symbols
     * @param refused  rejected topics or symbols
     */
    public record Answer(String id, String topic, List<String> accepted, List<String> refused) {
    }

    /** Recognises acknowledgements; rules with {@code as = ack} or {@code nack} find them too. */
    public MessageMatch match() {
        return answers.match();
    }

    /** True if acknowledgements carry the id of the request. */
    boolean hasIds() {
        return mode == Mode.BATCH ? !subjects.correlate().isEmpty() : !subjects.topics().isEmpty()
            && !subjects.correlate().isEmpty();
    }

    /** True if the acknowledgement of an unsubscription can be recognised. */
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
            final boolean[] isComplete = {true};
            final String topic = template.render(pointer -> {
                final String slice = MessageMatch.slice(pointer, frame, offset, length);
                isComplete[0] &= slice != null && !slice.equals("null");
                return List.of(slice == null || template.isJson() ? String.valueOf(slice) : plain(slice));
            }, Map.<String, String>of()::get);
            if (isComplete[0]) {
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
