package penstock.ring;

/** What an update is to the image of its topic. */
public enum UpdateKind {
    /** All there is: replaces the image. */
    FULL,
    /** All there is, and the deltas that follow begin here. */
    SNAPSHOT,
    /** Changes to the image. */
    DELTA,
    /** The topic is gone. */
    REMOVE
}
