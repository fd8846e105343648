package penstock.topic;

import penstock.topic.image.FieldSelection;
import penstock.wire.MessageBuffer;

/**
 * What views of fields show of the journal's newest entries, each found once: who is sent the same entries right behind
 * asks for the same. An excerpt of another entry or view may push one out. Owned by the shard; one for all its readers.
 */
final class ProjectionCache {
    /** Of longer entries the last excerpt only is kept. */
    private static final int MAX_BYTES = 2048;
    private static final int SLOTS = 512;
    private static final int SHIFT = Long.numberOfLeadingZeros(SLOTS - 1);
    private static final long MIX = 0x9e3779b97f4a7c15L;

    /** One excerpt. */
    static final class Excerpt {
        final MessageBuffer text = new MessageBuffer(64);
        boolean isShown;
        /** From the beginning of the entry to its value. */
        int valueAt;
        private long address = Journal.NONE;
        private FieldSelection wanted;

        /** Whether it is the one asked for; if not, it is from now on, and to be made. */
        boolean is(final long ofAddress, final FieldSelection ofWanted) {
            final boolean same = address == ofAddress && wanted == ofWanted;
            address = ofAddress;
            wanted = ofWanted;
            return same;
        }
    }

    private final Excerpt large = new Excerpt();
    private Excerpt[] slots = {};

    /**
     * Where the excerpt of an entry is, if it was made: ask it. One {@code wanted} per view; {@code bytes}: no longer
     * than that.
     */
    Excerpt of(final long address, final FieldSelection wanted, final boolean isDelta, final int bytes) {
        if (bytes > MAX_BYTES) {
            return large;
        }
        if (slots.length == 0) {
            slots = new Excerpt[SLOTS];
            for (int i = 0; i < SLOTS; i++) {
                slots[i] = new Excerpt();
            }
        }
        return slots[(int) ((address * MIX ^ wanted.hash(0) * 2 + (isDelta ? 1 : 0)) * MIX >>> SHIFT)];
    }
}
