package penstock.topic;

import penstock.rows.RowBuilder;
import penstock.topic.image.JsonMembers;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/**
 * Finds the fields of a view in an entry of the journal: the protocol's entry and, if a view needed them when the
 * update came, the changed fields behind it. Owned by the shard's io thread. One for all readers of the journal.
 */
final class EntryView {
    private static final byte[] VALUE = MessageBuffer.ascii(",\"v\":");
    private static final byte[] STALE = MessageBuffer.ascii(",\"st\":\"stale\"");
    private static final byte[] CONFLATED = MessageBuffer.ascii(",\"c\":");

    private final JsonMembers members = new JsonMembers();

    /**
     * True if a value, or its changed fields, has a field of the view. A value that is no object shows in every view.
     */
    boolean isShown(final byte[] text, final int offset, final int length, final View view) {
        if (view.fields().isEmpty() || !isObject(text, offset)) {
            return true;
        }
        return view.selection().matchesAny(members.wrap(text, offset, length));
    }

    /**
     * Adds the entry up to its value, with {@code conflated} updates before it that were not shown; {@code isLost}
     * makes a live entry stale.
     */
    static void appendHead(final MessageBuffer out, final byte[] text, final int offset, final int valueAt,
            final long conflated, final boolean isLost) {
        final int end = valueAt - VALUE.length;
        out.put(text, offset, end - offset);
        // a live entry ends with the digits of q or t, a state with its quote
        if (isLost && text[end - 1] != '"') {
            out.put(STALE);
        }
        if (conflated > 0) {
            out.put(CONFLATED).put(conflated);
        }
        out.put(VALUE);
    }

    /** Adds the part of a value, or of its changed fields, that the view shows. */
    void appendValue(final MessageBuffer out, final byte[] text, final int offset, final int length, final View view) {
        if (view.fields().isEmpty() || !isObject(text, offset)) {
            out.put(text, offset, length);
            return;
        }
        view.selection().appendMembers(out, members.wrap(text, offset, length));
    }

    /** Adds the same as a row; false, and nothing added, if it cannot be one. */
    boolean appendRow(final MessageBuffer out, final byte[] text, final int offset, final int length, final View view,
            final RowBuilder row) {
        if (view.fields().isEmpty() && row.writeFlat(out, text, offset, length)) {
            return true;
        }
        final boolean isRow = isObject(text, offset)
            && view.selection().addMembers(row.begin(), members.wrap(text, offset, length));
        if (isRow) {
            row.end(out);
        }
        return isRow;
    }

    /** Adds the names of removed fields that the view shows; they follow a value. */
    void appendRemoved(final MessageBuffer out, final byte[] text, final int offset, final int length,
            final View view) {
        if (view.fields().isEmpty()) {
            out.put(text, offset, length);
        } else {
            view.selection().appendRemoved(out, text, offset, length);
        }
    }

    /** True if the value that begins there is an object, perhaps behind blanks of the venue. */
    static boolean isObject(final byte[] text, final int valueAt) {
        int at = valueAt;
        while (text[at] <= ' ' && text[at] >= 0) {
            at++;
        }
        return text[at] == '{';
    }
}
