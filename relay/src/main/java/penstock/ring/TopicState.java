package penstock.ring;

/** What a topic is worth by itself, whatever the state of the feed. */
public enum TopicState {
    /** Fed. */
    LIVE,
    /** Its value is kept but must not be traded on: something of it is missing, or it is not fed any more. */
    STALE,
    /** The venue does not have it, or refuses it. */
    CLOSED
}
