package penstock.fanout.frame;

/** Bounds of messages, in bytes and entries. */
final class FrameSizes {
    /** A snapshot is cut into pieces of at most 500 topics, updates likewise. */
    static final int MAX_ENTRIES = 500;
    /** A message ends behind the entry that passes this. */
    static final int MAX_MESSAGE_BYTES = 64 * 1024;

    private FrameSizes() {
    }
}
