package penstock.topic.image;

import penstock.wire.MessageBuffer;

/**
 * The newest text of a kind, with the sequences it was encoded for: who comes right behind asks for the same. Owned by
 * the shard.
 */
final class EncodedJson {
    private static final int KEPT_BYTES = 64 * 1024;
    private static final long NEVER = -1;

    private MessageBuffer text = new MessageBuffer(64);
    private long q = NEVER;
    private long sinceQ = NEVER;

    /** Whether it says this; if not, {@link #begin} it. */
    boolean is(final long newQ, final long newSinceQ) {
        return q == newQ && sinceQ == newSinceQ;
    }

    /** Empty, to be encoded for these sequences. What was unusually large is not kept. */
    MessageBuffer begin(final long newQ, final long newSinceQ) {
        if (text.bytes().length > KEPT_BYTES) {
            text = new MessageBuffer(64);
        }
        q = newQ;
        sinceQ = newSinceQ;
        return text.clear();
    }

    /** Adds it. */
    void appendTo(final MessageBuffer out) {
        out.put(text.bytes(), 0, text.length());
    }
}
