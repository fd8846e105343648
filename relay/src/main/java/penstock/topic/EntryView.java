package penstock.topic;

import java.util.ArrayList;
import java.util.List;
import penstock.topic.image.FieldSelection;
import penstock.topic.image.JsonMembers;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/**
 * What of an entry of the journal shows in a view. The entry is the protocol's text, and behind it, if somebody wanted
 * it then, what changed with the update. Owned by the shard; one for all its readers.
 */
final class EntryView {
    private static final byte[] VALUE = MessageBuffer.ascii(",\"v\":");
    private static final byte[] CONFLATED = MessageBuffer.ascii(",\"c\":");
    private static final int MAX_KNOWN = 64;

    private record Known(View view, FieldSelection selection) {
    }

    private final JsonMembers members = new JsonMembers();
    private final List<Known> known = new ArrayList<>();
    private View lastView;
    private FieldSelection lastSelection;

    /** Whether a value, or what changed, has a field that the view shows. What has no fields shows in every view. */
    boolean isShown(final byte[] text, final int offset, final int length, final View view) {
        if (view.fields().isEmpty() || !isObjectAt(text, offset)) {
            return true;
        }
        return selection(view).matchesAny(members.wrap(text, offset, length));
    }

    /** Whether the value of an entry has fields. */
    static boolean isObject(final byte[] text, final int offset) {
        return isObjectAt(text, valueAt(text, offset));
    }

    /** Where the value begins in an entry: strings in front of it have no quotes but escaped ones. */
    static int valueAt(final byte[] text, final int offset) {
        int at = offset;
        while (text[at] != VALUE[0] || text[at + 1] != VALUE[1] || text[at + 2] != VALUE[2] || text[at + 3] != VALUE[3]
            || text[at + 4] != VALUE[4]) {
            at++;
        }
        return at + VALUE.length;
    }

    /** Adds the entry up to its value, with {@code conflated} updates before it that were not shown. */
    static void appendHead(final MessageBuffer out, final byte[] text, final int offset, final int valueAt,
            final long conflated) {
        out.put(text, offset, valueAt - VALUE.length - offset);
        if (conflated > 0) {
            out.put(CONFLATED).put(conflated);
        }
        out.put(VALUE);
    }

    /** Adds of a value, or of what changed, what the view shows. */
    void appendValue(final MessageBuffer out, final byte[] text, final int offset, final int length, final View view) {
        if (view.fields().isEmpty() || !isObjectAt(text, offset)) {
            out.put(text, offset, length);
            return;
        }
        selection(view).appendMembers(out, members.wrap(text, offset, length));
    }

    /** The names that a view wants: the same object each time it is asked. */
    FieldSelection selection(final View view) {
        if (view != lastView) {
            lastView = view;
            lastSelection = find(view);
        }
        return lastSelection;
    }

    /** A venue may put white space in front. */
    private static boolean isObjectAt(final byte[] text, final int valueAt) {
        int at = valueAt;
        while (text[at] <= ' ' && text[at] >= 0) {
            at++;
        }
        return text[at] == '{';
    }

    private FieldSelection find(final View view) {
        for (int i = 0; i < known.size(); i++) {
            if (known.get(i).view.isSame(view)) {
                return known.get(i).selection;
            }
        }
        if (known.size() == MAX_KNOWN) {
            known.clear();
        }
        known.add(new Known(view, new FieldSelection(view.fields())));
        return known.get(known.size() - 1).selection;
    }
}
