package penstock.ring;

/** The state of one topic, apart from the state of the whole feed. */
public enum TopicState {
    /** Updates arrive. */
    LIVE,
    /** The value is kept but must not be traded on: an update was missed, or the topic is no longer subscribed. */
    STALE,
    /** The venue does not offer the topic: refused, or gone. */
    CLOSED
}
