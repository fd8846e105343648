package penstock.ring;

/**
 * A change of one topic's state. Only the newest one of a topic is pending, behind the updates that came before it.
 * Owned by the feed thread.
 */
final class PendingTopicStatus extends PendingEntry {
    final PendingTopic topic;
    final TopicState state;
    final String reason;
    final long sinceUs;

    PendingTopicStatus(final PendingTopic topic, final TopicState state, final String reason, final long sinceUs) {
        super(topic.feed);
        this.topic = topic;
        this.state = state;
        this.reason = reason;
        this.sinceUs = sinceUs;
    }
}
