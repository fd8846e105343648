package penstock.server.snapshot;

import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.MessageBuffer;

/** What an answer says of each topic. Immutable. */
interface AnswerForm {
    /** Appends what precedes the topics. */
    void begin(MessageBuffer body, TopicTable topics);

    /** Appends a topic that has a value. */
    void entry(MessageBuffer body, TopicTable topics, Topic topic);

    /** Identifies the content; {@code facts} are about the topics in it. */
    String tag(TopicTable topics, AnswerFacts facts);
}
