package penstock.topic.image;

import penstock.wire.MessageBuffer;

/**
 * The last encoded value or change, with its sequences: the next subscription in step needs the same. Owned by the
 * shard's io thread.
 */
final class EncodedJson {
    private static final int KEPT_BYTES = 64 * 1024;
    private static final long NEVER = -1;

    private MessageBuffer text = new MessageBuffer(64);
    private long q = NEVER;
    private long sinceQ = NEVER;

    /** True if it was encoded for these sequences; if not, {@link #begin} it. */
    boolean is(final long newQ, final long newSinceQ) {
        return q == newQ && sinceQ == newSinceQ;
    }

    /** Clears it, to be encoded for these sequences. An unusually large buffer is not kept. */
    MessageBuffer begin(final long newQ, final long newSinceQ) {
        if (text.bytes().length > KEPT_BYTES) {
            text = new MessageBuffer(64);
        }
        q = newQ;
        sinceQ = newSinceQ;
        return text.clear();
    }

    /** Adds what was encoded. */
    void appendTo(final MessageBuffer out) {
        out.put(text.bytes(), 0, text.length());
    }
}
