package penstock.rows;

import penstock.wire.MessageBuffer;

/**
 * The last entry that was encoded of a topic, or of an update in the journal: the sessions of a turn mostly need the
 * same, in messages of the same time. Owned by the shard's io thread.
 */
public final class RowEntry {
    private static final int BYTES = 64;

    private final MessageBuffer text = new MessageBuffer(BYTES);
    private Object view;
    private Object state;
    private long q;
    private long count;
    private long tsUs;

    /** Adds it if it is the one that was encoded last; otherwise false, and nothing is added. */
    public boolean append(final MessageBuffer out, final Object ofView, final Object inState, final long ofQ,
            final long ofCount, final long atUs) {
        if (q != ofQ || tsUs != atUs || count != ofCount || view != ofView || state != inState) {
            return false;
        }
        out.put(text.bytes(), 0, text.length());
        return true;
    }

    /** What {@code out} has from {@code from} on was encoded for these. */
    public void keep(final MessageBuffer out, final int from, final Object ofView, final Object inState,
            final long ofQ, final long ofCount, final long atUs) {
        text.clear().put(out.bytes(), from, out.length() - from);
        view = ofView;
        state = inState;
        q = ofQ;
        count = ofCount;
        tsUs = atUs;
    }
}
