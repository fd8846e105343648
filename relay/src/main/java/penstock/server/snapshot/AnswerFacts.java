package penstock.server.snapshot;

import java.util.Arrays;
import penstock.ring.TopicState;
import penstock.topic.Topic;

/** What identifies the content of an answer, gathered while it is made. Owned by the io thread. */
final class AnswerFacts {
    private long newest;
    private long states;
    private int count;
    private int[] byGroup = new int[1];

    void add(final Topic topic, final TopicState state, final int group) {
        if (group >= byGroup.length) {
            byGroup = Arrays.copyOf(byGroup, group + 1);
        }
        byGroup[group]++;
        newest = Math.max(newest, topic.p());
        states = states * 31 + state.name().hashCode();
        count++;
    }

    /** The position of the newest value. */
    long newest() {
        return newest;
    }

    /** A hash of the states, which change without a new value. */
    long states() {
        return states;
    }

    int count() {
        return count;
    }

    /** How many topics of each group there are. */
    int[] byGroup() {
        return byGroup;
    }
}
