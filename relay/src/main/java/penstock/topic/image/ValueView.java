package penstock.topic.image;

import penstock.rows.RowBuilder;
import penstock.wire.MessageBuffer;

/** The value of a topic in one view. Owned by the shard's io thread. */
public interface ValueView {
    /** True if the changes since sequence {@code sentQ} are known. */
    default boolean knowsChangesSince(final long sentQ) {
        return true;
    }

    /** True if something in the view changed after sequence {@code sentQ}. */
    boolean isChangedSince(long sentQ);

    /** No subscription has this view any more: it gives the memory of what was encoded back. */
    default void drop() {
        // most keep nothing
    }

    /** Adds the whole value. */
    void appendValue(MessageBuffer out);

    /**
     * Adds the update of a client that has the value of {@code sinceQ}, and behind it the names of removed fields; the
     * changes since must be known.
     */
    default void appendUpdate(final MessageBuffer out, final long sinceQ) {
        appendValue(out);
    }

    /** Adds what {@link #appendUpdate} adds as a row, or, if the value cannot be one, as what stands in its place. */
    default void appendRow(final MessageBuffer out, final long sinceQ, final RowBuilder row) {
        RowBuilder.beginValue(out);
        appendUpdate(out, sinceQ);
        RowBuilder.endValue(out);
    }
}
