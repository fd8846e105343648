package penstock.venue.replay;

import java.util.Collection;
import java.util.List;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.venue.spec.VenueVariables;

/**
 * How a replay imitates the venue: its greetings, its answers, its pings, and when it starts the recording. One thread
 * at a time.
 */
public final class ReplaySpec {
    /** The keys of {@code replay.pings}. */
    public static final KeyTable PING_KEYS = ReplayPings.KEYS;
    /** The keys of {@code replay.answers[]}. */
    public static final KeyTable ANSWER_KEYS = ReplayAnswer.KEYS;
    /** The keys of {@code replay}. */
    public static final KeyTable KEYS = KeyTable.of("replay");
    private static final String ON_OPEN = KEYS.key("on-open", "list of texts", "`[]`", "Messages sent on connect.");
    private static final String STARTS_ON_PATH = KEYS.key("starts-on-path", "text", KeyTable.NONE,
        "A connection whose path contains this text has subscribed by its address.");

    private final List<String> onOpen;
    private final List<ReplayAnswer> answers;
    private final String startsOnPath;
    private final ReplayPings pings;

    private ReplaySpec(final List<String> onOpen, final List<ReplayAnswer> answers, final String startsOnPath,
            final ReplayPings pings) {
        this.onOpen = onOpen;
        this.answers = answers;
        this.startsOnPath = startsOnPath;
        this.pings = pings;
    }

    /**
     * The answer to one message.
     *
     * @param texts  messages to send, in order
     * @param starts the client has subscribed: start the recording
     */
    public record Answer(List<String> texts, boolean starts) {
        /** No answer. */
        public static final Answer SILENCE = new Answer(List.of(), false);
    }

    public static ReplaySpec read(final ConfigSection section, final VenueVariables variables) {
        final List<ReplayAnswer> answers =
            section.sections("answers").stream().map(answer -> ReplayAnswer.read(answer, variables)).toList();
        return new ReplaySpec(section.texts(ON_OPEN), answers, section.text(STARTS_ON_PATH, null),
            ReplayPings.read(section, variables));
    }

    /** The messages that greet a client. */
    public List<String> onOpen() {
        return onOpen;
    }

    /** How the venue pings its clients, null if it does not. */
    public ReplayPings pings() {
        return pings;
    }

    /** True if clients do not subscribe: the recording starts with the first connection. */
    public boolean startsOnConnect() {
        return startsOnPath == null && answers.stream().noneMatch(ReplayAnswer::starts);
    }

    /** True if a client subscribes by connecting to this path and query. */
    public boolean startsOnPath(final String path) {
        return startsOnConnect() || startsOnPath != null && path.contains(startsOnPath);
    }

    /** The venue's answer to a message; the first rule that matches counts. */
    public Answer answer(final byte[] message, final int offset, final int length) {
        return answer(message, offset, length, List.of());
    }

    /** The venue's answer to a message if it rejects the symbols in {@code refused}. */
    public Answer answer(final byte[] message, final int offset, final int length, final Collection<String> refused) {
        for (final ReplayAnswer answer : answers) {
            if (answer.matches(message, offset, length)) {
                return answer.answer(message, offset, length, refused);
            }
        }
        return Answer.SILENCE;
    }
}
