package penstock.venue.replay;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import penstock.config.ConfigSection;
import penstock.venue.spec.VenueVariables;

/**
 * How a replay plays this venue: what it says first, what it answers to clients, how it pings them, and when the
 * recording begins. One thread at a time.
 */
public final class ReplaySpec {
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
     * @param texts  what is sent back, in order
     * @param starts the client has subscribed: the recording begins
     */
    public record Answer(List<String> texts, boolean starts) {
        /** Nothing is said. */
        public static final Answer SILENCE = new Answer(List.of(), false);
    }

    public static ReplaySpec read(final ConfigSection section, final VenueVariables variables) {
        final List<ReplayAnswer> answers = new ArrayList<>();
        for (final ConfigSection answer : section.sections("answers")) {
            answers.add(ReplayAnswer.read(answer, variables));
        }
        final ReplaySpec spec = new ReplaySpec(section.texts("on-open"), answers, section.text("starts-on-path", null),
            ReplayPings.read(section, variables));
        section.refuseUnknownKeys();
        return spec;
    }

    /** The texts that greet a client. */
    public List<String> onOpen() {
        return onOpen;
    }

    /** How the venue pings its clients, null = it does not. */
    public ReplayPings pings() {
        return pings;
    }

    /** Whether clients say what they want at all; if not, the recording begins when the first has connected. */
    public boolean startsOnConnect() {
        return startsOnPath == null && answers.stream().noneMatch(ReplayAnswer::starts);
    }

    /** Whether a client that connects to this path and query has thereby subscribed. */
    public boolean startsOnPath(final String path) {
        return startsOnConnect() || startsOnPath != null && path.contains(startsOnPath);
    }

    /** What the venue says to this message when it has everything; the first rule that takes it counts. */
    public Answer answer(final byte[] message, final int offset, final int length) {
        return answer(message, offset, length, List.of());
    }

    /** What the venue says to this message when it does not have {@code refused} symbols. */
    public Answer answer(final byte[] message, final int offset, final int length, final Collection<String> refused) {
        for (final ReplayAnswer answer : answers) {
            if (answer.takes(message, offset, length)) {
                return answer.answer(message, offset, length, refused);
            }
        }
        return Answer.SILENCE;
    }
}
