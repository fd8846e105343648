package penstock.ring;

/** What an update does to the image of its topic. */
public enum UpdateKind {
    /** Replaces the image. */
    FULL,
    /** Replaces the image, and the deltas that follow apply to it. */
    SNAPSHOT,
    /** Changes a part of the image. */
    DELTA,
    /** Removes the topic's value. */
    REMOVE
}
