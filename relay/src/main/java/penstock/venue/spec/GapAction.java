package penstock.venue.spec;

/** Reaction to a gap in a venue's sequence. */
public enum GapAction {
    /** Count and report the gap. */
    MARK,
    /** Subscribe to the topic again: the venue then sends a snapshot. */
    RESUBSCRIBE,
    /** Fetch a snapshot from another source. */
    RESNAPSHOT,
    /** Reconnect. */
    RECONNECT
}
