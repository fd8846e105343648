package penstock.topic;

import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
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
    private static final byte[] CLOSED = MessageBuffer.ascii(",\"st\":\"closed\"");
    private static final byte[] CONFLATED = MessageBuffer.ascii(",\"c\":");

    private final JsonMembers members = new JsonMembers();

    /**
     * True if a value, or its changed fields, has a field of the view. A value that is no object shows in every view.
     */
    boolean isShown(final byte[] text, final int offset, final int length, final View view) {
        if (view.fields().isEmpty() || !isObjectAt(text, offset)) {
            return true;
        }
        return view.selection().matchesAny(members.wrap(text, offset, length));
    }

    /** True if the value of an entry is an object. */
    static boolean isObject(final byte[] text, final int offset) {
        return isObjectAt(text, valueAt(text, offset));
    }

    /** Where the value begins in an entry. The strings before it contain quotes only as escapes. */
    static int valueAt(final byte[] text, final int offset) {
        int at = offset;
        while (text[at] != VALUE[0] || text[at + 1] != VALUE[1] || text[at + 2] != VALUE[2] || text[at + 3] != VALUE[3]
            || text[at + 4] != VALUE[4]) {
            at++;
        }
        return at + VALUE.length;
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
        if (view.fields().isEmpty() || !isObjectAt(text, offset)) {
            out.put(text, offset, length);
            return;
        }
        view.selection().appendMembers(out, members.wrap(text, offset, length));
    }

    /** Adds the same as a row; false, and nothing added, if it cannot be one. */
    boolean appendRow(final MessageBuffer out, final byte[] text, final int offset, final int length, final View view,
            final RowBuilder row) {
        final boolean isRow = view.fields().isEmpty() && row.begin().addFlat(text, offset, length)
            || isObjectAt(text, offset)
                && view.selection().addMembers(row.begin(), members.wrap(text, offset, length));
        if (!isRow) {
            return false;
        }
        row.end(out);
        return true;
    }

    /** The state of an entry. */
    static TopicState state(final byte[] text, final int valueAt) {
        final int end = valueAt - VALUE.length;
        // a live entry ends with the digits of q or t, others with their state in quotes
        return text[end - 1] != '"' ? TopicState.LIVE : text[end - 2] == CLOSED[CLOSED.length - 2] ? TopicState.CLOSED
            : TopicState.STALE;
    }

    /** The time of an entry, or {@link TickPublisher#NO_TIME}. Only the digits of q and t precede its state. */
    static long timeUs(final byte[] text, final int valueAt) {
        final int end = switch (state(text, valueAt)) {
            case STALE -> valueAt - VALUE.length - STALE.length;
            case CLOSED -> valueAt - VALUE.length - CLOSED.length;
            default -> valueAt - VALUE.length;
        };
        int at = end;
        while (text[at - 1] != ':') {
            at--;
        }
        if (text[at - 3] != 't') {
            return TickPublisher.NO_TIME;
        }
        final boolean isNegative = text[at] == '-';
        long time = 0;
        for (int i = isNegative ? at + 1 : at; i < end; i++) {
            time = 10 * time + text[i] - '0';
        }
        return isNegative ? -time : time;
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

    /** Skips white space that a venue may put before the value. */
    private static boolean isObjectAt(final byte[] text, final int valueAt) {
        int at = valueAt;
        while (text[at] <= ' ' && text[at] >= 0) {
            at++;
        }
        return text[at] == '{';
    }
}
