package penstock.server.snapshot;

import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/**
 * The images of the topics, as in the snapshots of the protocol. The position is that of the beginning: a large answer
 * is made in slices, so that later entries may be newer. Immutable.
 */
record SnapshotForm(Channel channel, View view) implements AnswerForm {
    @Override
    public void begin(final MessageBuffer body, final TopicTable topics) {
        body.put("{\"epoch\":").put(topics.epoch()).put(",\"p\":").put(topics.position()).put(",\"data\":[");
    }

    @Override
    public void entry(final MessageBuffer body, final TopicTable topics, final Topic topic) {
        topic.appendEntry(body, topics.state(topic), view);
    }

    @Override
    public String tag(final TopicTable topics, final AnswerFacts facts) {
        final String tag = topics.epoch() + "-" + channel.forgottenP() + "-" + facts.newest() + "-"
            + Long.toUnsignedString(facts.states(), 36);
        return view.isFull() ? tag : tag + "-" + Long.toUnsignedString(hash(), 36);
    }

    /** A hash of the view. */
    private long hash() {
        long hash = view.depth();
        for (final String field : view.fields()) {
            for (int i = 0; i < field.length(); i++) {
                hash = (hash + field.charAt(i) + 1) * 0x9e3779b97f4a7c15L;
            }
            hash = (hash ^ hash >>> 32) * 0x9e3779b97f4a7c15L;
        }
        return hash;
    }
}
