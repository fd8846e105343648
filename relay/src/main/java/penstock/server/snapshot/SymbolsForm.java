package penstock.server.snapshot;

import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.MessageBuffer;

/** The names of the topics. Immutable. */
record SymbolsForm(Channel channel) implements AnswerForm {
    @Override
    public void begin(final MessageBuffer body, final TopicTable topics) {
        body.put("{\"channel\":").putString(channel.name()).put(",\"symbols\":[");
    }

    @Override
    public void entry(final MessageBuffer body, final TopicTable topics, final Topic topic) {
        body.putString(topic.symbol());
    }

    /** Symbols are only added between two that are forgotten, so their number identifies the list. */
    @Override
    public String tag(final TopicTable topics, final AnswerFacts facts) {
        return topics.epoch() + "-" + channel.forgottenP() + "-" + facts.count();
    }
}
