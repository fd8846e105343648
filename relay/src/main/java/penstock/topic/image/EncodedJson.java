package penstock.topic.image;

import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.wire.MessageBuffer;

/**
 * The last encoded value or change, with its sequences: the next subscription in step needs the same. That of a view
 * is kept only while the memory for views has room; without it, each subscription encodes for itself. Owned by the
 * shard's io thread.
 */
final class EncodedJson {
    private static final int KEPT_BYTES = 64 * 1024;
    private static final long NEVER = -1;
    private static final byte[] NOTHING = {};

    private final MemoryShare memory;
    private byte[] text = NOTHING;
    private int length;
    private long q = NEVER;
    private long sinceQ = NEVER;

    /** {@code memory} accounts what is kept; null for one that a topic has anyway, or that serves one message. */
    EncodedJson(final MemoryShare memory) {
        this.memory = memory;
    }

    /** Adds what was kept of these sequences; false, and nothing added, if they were not kept. */
    boolean append(final MessageBuffer out, final long newQ, final long newSinceQ) {
        if (q != newQ || sinceQ != newSinceQ) {
            return false;
        }
        out.put(text, 0, length);
        return true;
    }

    /** What {@code out} has from {@code from} on was encoded for these sequences. */
    void keep(final MessageBuffer out, final int from, final long newQ, final long newSinceQ) {
        final int bytes = out.length() - from;
        if (bytes > KEPT_BYTES || bytes > text.length && !grow(bytes)) {
            q = NEVER;
            return;
        }
        System.arraycopy(out.bytes(), from, text, 0, bytes);
        length = bytes;
        q = newQ;
        sinceQ = newSinceQ;
    }

    /** Gives the memory back. */
    void drop() {
        if (memory != null) {
            memory.release(MemoryUse.VIEWS, text.length);
        }
        text = NOTHING;
        q = NEVER;
    }

    private boolean grow(final int bytes) {
        final int capacity = bytes + (bytes >> 3) + 8;
        if (memory != null && !memory.tryReserve(MemoryUse.VIEWS, capacity - text.length)) {
            return false;
        }
        text = new byte[capacity];
        return true;
    }
}
