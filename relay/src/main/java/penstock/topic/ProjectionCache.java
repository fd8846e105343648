package penstock.topic;

import penstock.rows.RowEntry;
import penstock.wire.MessageBuffer;

/**
 * A direct-mapped cache of what views of fields show of the journal's newest entries: readers of equal views are sent
 * the same entries in close succession. Owned by the shard's io thread; one for all readers of the journal.
 */
final class ProjectionCache {
    /** Only the last excerpt of a longer entry is kept. */
    private static final int MAX_BYTES = 2048;
    private static final int SLOTS = 512;
    private static final int SHIFT = Long.numberOfLeadingZeros(SLOTS - 1);
    private static final long MIX = 0x9e3779b97f4a7c15L;

    /** What one view shows of one entry. */
    static final class Excerpt {
        final MessageBuffer text = new MessageBuffer(64);
        boolean isShown;
        /** The row with what surrounds it. */
        final RowEntry entry = new RowEntry();
        private long address = -1;
        private long view;

        /** True if it holds this entry and view; if not, the caller must fill it for them. */
        boolean claim(final long newAddress, final long newView) {
            final boolean same = address == newAddress && view == newView;
            address = newAddress;
            view = newView;
            return same;
        }
    }

    private final Excerpt large = new Excerpt();
    private Excerpt[] slots = {};

    /** The place of an excerpt of at most {@code bytes} for the view of that number. */
    Excerpt find(final long address, final long view, final int bytes) {
        if (bytes > MAX_BYTES) {
            return large;
        }
        if (slots.length == 0) {
            slots = new Excerpt[SLOTS];
            for (int i = 0; i < SLOTS; i++) {
                slots[i] = new Excerpt();
            }
        }
        // without the shift entries of equal length would share a few of the slots
        final long hash = address * MIX ^ view;
        return slots[(int) ((hash ^ hash >>> 32) * MIX >>> SHIFT)];
    }
}
