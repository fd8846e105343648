package penstock.rows;

import penstock.wire.MessageBuffer;

/**
 * Makes a row of the fields of a value: the mask of their columns, then their values in the order of the columns, byte
 * for byte; then the mask of the removed ones among them, if there are any. Fields are added in any order. Owned by the
 * shard's io thread; one for each channel.
 */
public final class RowBuilder {
    /** By the last bits of their length; a power of two. */
    private static final int LAYOUTS = 16;
    private static final byte[] NULL = MessageBuffer.ascii("null");
    private static final byte[] VALUE = MessageBuffer.ascii("{\"v\":");

    private final ColumnTable columns = new ColumnTable();
    private final RowLayout[] layouts = new RowLayout[LAYOUTS];
    private final byte[][] sources = new byte[ColumnTable.MAX_COLUMNS][];
    private final int[] offsets = new int[ColumnTable.MAX_COLUMNS];
    private final int[] lengths = new int[ColumnTable.MAX_COLUMNS];
    private int mask;
    private int removed;
    private int next;
    private boolean isShared;

    /** The columns of the channel. */
    public ColumnTable columns() {
        return columns;
    }

    /**
     * Whether others may be sent the row that follows, too: then it is kept where it is made. For one subscription
     * alone the copy takes longer than what it saves.
     */
    public boolean isShared() {
        return isShared;
    }

    /** Sets {@link #isShared()} for the row that follows. */
    public RowBuilder isShared(final boolean newShared) {
        isShared = newShared;
        return this;
    }

    /**
     * Writes the row of an object that is written without blanks, as most are, and whose values are no objects or
     * arrays. False, and nothing written, if it is not like that, or cannot be a row: then it may be one by its fields.
     */
    public boolean writeFlat(final MessageBuffer out, final byte[] text, final int offset, final int length) {
        final int place = length & LAYOUTS - 1;
        if (layouts[place] == null) {
            layouts[place] = new RowLayout();
        }
        final RowLayout layout = layouts[place];
        if (layout.write(out, text, offset, length)) {
            return true;
        }
        if (!begin().addFlat(text, offset, length)) {
            return false;
        }
        end(out);
        if (layout.isOutdated(length)) {
            layout.learn(text, offset, length, mask, offsets, lengths);
        }
        return true;
    }

    /** Begins a row without fields. */
    public RowBuilder begin() {
        mask = 0;
        removed = 0;
        next = 0;
        return this;
    }

    /**
     * Adds a field: its name with the quotes, and its value, which stays as it is until {@link #end}. False if it has
     * no column, or the row has it already: then the value cannot be a row.
     */
    public boolean add(final byte[] name, final int nameOffset, final int nameLength, final byte[] value,
            final int offset, final int length) {
        return put(columns.column(name, nameOffset, nameLength, next), value, offset, length);
    }

    private boolean put(final int column, final byte[] value, final int offset, final int length) {
        if (column == ColumnTable.NONE || (mask & 1 << column) != 0) {
            return false;
        }
        mask |= 1 << column;
        sources[column] = value;
        offsets[column] = offset;
        lengths[column] = length;
        next = column + 1;
        return true;
    }

    private boolean addFlat(final byte[] text, final int offset, final int length) {
        final int end = offset + length;
        int at = text[offset] == '{' ? offset : end;
        while (at + 1 < end) {
            final int nameAt = at + 1;
            final int known = columns.nameEnd(next, text, nameAt, end);
            final int colon = known >= 0 ? known : stringEnd(text, nameAt, end);
            if (colon >= end || text[colon] != ':') {
                return false;
            }
            final int valueAt = colon + 1;
            at = valueAt < end && text[valueAt] == '"' ? stringEnd(text, valueAt, end)
                : scalarEnd(text, valueAt, end);
            if (at >= end || text[at] != ',' && (text[at] != '}' || at != end - 1)
                || !put(known >= 0 ? next : columns.column(text, nameAt, colon - nameAt, 0), text, valueAt,
                    at - valueAt)) {
                return false;
            }
        }
        return mask != 0;
    }

    /** Where a number or a word ends; {@code end} if something else comes first. */
    private static int scalarEnd(final byte[] text, final int from, final int end) {
        int at = from;
        while (at < end && text[at] != ',' && text[at] != '}') {
            if (text[at] <= ' ' || text[at] == '{' || text[at] == '[' || text[at] == '"') {
                return end;
            }
            at++;
        }
        return at;
    }

    /** Where a string ends that begins at {@code from}; {@code end} if there is none. */
    private static int stringEnd(final byte[] text, final int from, final int end) {
        if (text[from] != '"') {
            return end;
        }
        int at = from + 1;
        while (at < end && text[at] != '"') {
            at += text[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    /** Adds a field that was removed; otherwise like {@link #add}. */
    public boolean addRemoved(final byte[] name) {
        final boolean isAdded = add(name, 0, name.length, NULL, 0, NULL.length);
        if (isAdded) {
            removed |= 1 << next - 1;
        }
        return isAdded;
    }

    /**
     * Begins a row of two fields, the only ones that the values of the channel have: the caller writes their values in
     * this order, each behind a comma.
     */
    public void beginPair(final MessageBuffer out, final byte[] first, final byte[] second) {
        final int before = columns.column(first, 0, first.length, 0);
        final int column = columns.column(second, 0, second.length, 1);
        assert before == 0 && column == 1 : "the channel has no other columns";
        out.put(1L << before | 1L << column);
    }

    /** Writes the row. */
    public void end(final MessageBuffer out) {
        out.put(mask);
        for (int rest = mask; rest != 0; rest &= rest - 1) {
            final int column = Integer.numberOfTrailingZeros(rest);
            out.put(',').put(sources[column], offsets[column], lengths[column]);
        }
        if (removed != 0) {
            out.put(',').put(removed);
        }
    }

    /** Begins what stands in the place of a row if the value cannot be one: the value as in an entry of JSON. */
    public static void beginValue(final MessageBuffer out) {
        out.put(VALUE);
    }

    /** Ends it. */
    public static void endValue(final MessageBuffer out) {
        out.put('}');
    }
}
