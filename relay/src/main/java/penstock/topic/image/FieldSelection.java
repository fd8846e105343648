package penstock.topic.image;

import java.util.Arrays;
import java.util.List;
import penstock.rows.RowBuilder;
import penstock.wire.MessageBuffer;

/**
 * The fields that a view selects, as bytes quoted like the keys of a JSON object; none selects all. Names are compared
 * with keys byte for byte: a key that escapes a character without need does not match. Owned by the owner of its view.
 */
public final class FieldSelection {
    private final byte[][] names;
    private final int[] hashes;
    /** Where a table had the field last: the topics of a channel mostly have their fields in the same order. */
    private final int[] hints;

    /** Duplicates in {@code fields} count once. */
    public FieldSelection(final List<String> fields) {
        names = fields.stream().distinct().map(name -> new MessageBuffer(name.length() + 2).putString(name).toBytes())
            .toArray(byte[][]::new);
        hashes = new int[names.length];
        hints = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            hashes[i] = FieldTable.hash(names[i], 0, names[i].length);
        }
    }

    boolean isAll() {
        return names.length == 0;
    }

    int count() {
        return names.length;
    }

    byte[] name(final int i) {
        return names[i];
    }

    /** The slot of a selected field; {@link FieldTable#NONE} if the table does not have it. */
    int slot(final FieldTable fields, final int i) {
        final int slot = fields.slotOf(names[i], hashes[i], hints[i]);
        if (slot != hints[i] && slot != FieldTable.NONE) {
            hints[i] = slot;
        }
        return slot;
    }

    /** True if one of the remaining members of an object is selected. */
    public boolean matchesAny(final JsonMembers members) {
        while (members.next()) {
            if (matches(members)) {
                return true;
            }
        }
        return false;
    }

    /** Adds an object of the selected ones among the remaining members of an object. */
    public void appendMembers(final MessageBuffer out, final JsonMembers members) {
        char before = '{';
        while (members.next()) {
            if (matches(members)) {
                out.put(before).put(members.buffer(), members.keyOffset(), members.keyLength()).put(':');
                out.put(members.buffer(), members.valueOffset(), members.valueLength());
                before = ',';
            }
        }
        FieldTable.end(out, before);
    }

    /** Adds the selected ones among the remaining members of an object to a row; false if they do not fit. */
    public boolean addMembers(final RowBuilder row, final JsonMembers members) {
        while (members.next()) {
            if ((isAll() || matches(members)) && !row.add(members.buffer(), members.keyOffset(), members.keyLength(),
                    members.buffer(), members.valueOffset(), members.valueLength())) {
                return false;
            }
        }
        return true;
    }

    /** Adds those of the names of removed fields that are selected. */
    public void appendRemoved(final MessageBuffer out, final byte[] text, final int offset, final int length) {
        int at = offset + FieldTable.REMOVED.length;
        int count = 0;
        while (at < offset + length && text[at] == '"') {
            int end = at + 1;
            while (text[end] != '"') {
                end += text[end] == '\\' ? 2 : 1;
            }
            end++;
            if (matches(text, at, end)) {
                if (count++ == 0) {
                    out.put(FieldTable.REMOVED);
                } else {
                    out.put(',');
                }
                out.put(text, at, end - at);
            }
            at = end + 1;
        }
        FieldTable.endRemoved(out, count);
    }

    private boolean matches(final JsonMembers member) {
        return matches(member.buffer(), member.keyOffset(), member.keyOffset() + member.keyLength());
    }

    private boolean matches(final byte[] text, final int from, final int to) {
        for (final byte[] name : names) {
            if (Arrays.equals(name, 0, name.length, text, from, to)) {
                return true;
            }
        }
        return isAll();
    }
}
