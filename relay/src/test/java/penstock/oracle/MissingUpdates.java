package penstock.oracle;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import penstock.testkit.ParsedJson;

/** What gaps reported missing to a subscription: of the topics that they name, and in all. One thread. */
final class MissingUpdates {
    private final Function<String, HeldTopic> topics;
    private final Map<String, HeldTopic> all;
    private final BiConsumer<HeldTopic, String> breach;
    private final boolean isFull;
    /** Those whose topics were not named, and whose place is not known yet: at least, and at most. */
    private long least;
    private long most;
    /** The position of the last gap, and those of them that were reported there. */
    private long gapP = -1;
    private long atGapP;
    private long countedAgain;

    /** {@code topics} finds one of {@code all}, or makes it; with {@code isFull} every update is shown. */
    MissingUpdates(final Function<String, HeldTopic> topics, final Map<String, HeldTopic> all, final boolean isFull,
            final BiConsumer<HeldTopic, String> breach) {
        this.topics = topics;
        this.all = all;
        this.isFull = isFull;
        this.breach = breach;
    }

    void onGap(final Map<?, ?> message) {
        final long p = Long.parseLong((String) message.get("p"));
        final long missed = Long.parseLong((String) message.get("missed"));
        if (p != gapP) {
            pass(p);
        }
        long others = missed;
        for (final Object each : message.containsKey("topics") ? ParsedJson.list(message.get("topics")) : List.of()) {
            others -= miss(ParsedJson.list(each));
        }
        if (missed <= 0 || others < 0) {
            breach.accept(null, "a gap of " + missed + " with topics " + message.get("topics"));
        }
        atGapP += others;
        least += others;
        most += others;
    }

    /** Another relay cannot know what came before; and what is not shown, may be counted or not. */
    private long miss(final List<?> topic) {
        final HeldTopic held = topics.apply(ParsedJson.bare(topic.get(0)));
        final long q = Long.parseLong((String) topic.get(1));
        final long counted = Long.parseLong((String) topic.get(2));
        final boolean isExact = isFull && !held.isElsewhere && held.openQ < 0;
        final long missed = held.miss(q, counted);
        if (counted <= 0 || isExact && missed != counted) {
            breach.accept(held, "a gap of " + counted + " up to q " + q + ", of which " + missed + " are missing");
        }
        countedAgain += counted - missed;
        return counted;
    }

    private void pass(final long p) {
        gapP = p;
        atGapP = 0;
        all.values().forEach(HeldTopic::onGapPassed);
    }

    /** The relay goes on at a position: what was reported there is reported again, or comes. */
    void onResumed(final long p) {
        if (gapP == p) {
            least = Math.max(0, least - atGapP);
            most -= atGapP;
            all.values().forEach(HeldTopic::reopen);
        }
        pass(-1);
    }

    /** Nothing of before counts. */
    void clear() {
        least = 0;
        most = 0;
        pass(-1);
    }

    /** An image jumps over as many. */
    void onImage(final long jump) {
        least = Math.max(0, least - Math.max(0, jump));
    }

    /** Whether as many may be missing before an update. */
    boolean covers(final long missed) {
        return missed >= 0 && missed <= most;
    }

    /** As many are. */
    void onMissed(final long missed) {
        most = Math.max(0, most - Math.max(0, missed));
        onImage(missed);
    }

    /** Some of them may have been of a topic that is not looked at any more. */
    void onTopicLeft() {
        least = 0;
    }

    long least() {
        return least;
    }

    long most() {
        return most;
    }

    /** How many were reported that had come from another relay, or were reported by it. */
    long countedAgain() {
        return countedAgain;
    }
}
