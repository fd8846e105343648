package penstock.server.snapshot;

import penstock.ring.TopicState;
import penstock.topic.Topic;

/** What identifies the content of an answer, gathered while it is made. Owned by the io thread. */
final class AnswerFacts {
    private long newest;
    private long states;
    private int count;

    void add(final Topic topic, final TopicState state) {
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
}
