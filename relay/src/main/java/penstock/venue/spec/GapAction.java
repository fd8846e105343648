package penstock.venue.spec;

/** What is to be done about a gap in a venue's sequence. */
public enum GapAction {
    /** Only counted and shown. */
    MARK,
    /** Subscribe to the topic anew: the venue then sends a snapshot. */
    RESUBSCRIBE,
    /** Fetch a snapshot from elsewhere. */
    RESNAPSHOT,
    /** Connect anew. */
    RECONNECT
}
