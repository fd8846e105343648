package penstock.ring;

/** What the value of one topic is worth to a subscriber, as far as this topic alone is concerned. */
public enum TopicState {
    /** Its values arrive. */
    LIVE,
    /** Its value is kept but must not be traded on: something was missed, or it is not asked for any more. */
    STALE,
    /** The venue does not give it: refused, or gone. */
    CLOSED
}
