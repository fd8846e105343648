package penstock.rows;

import java.util.Arrays;
import penstock.wire.MessageBuffer;

/**
 * The names of the fields of a channel, in the order in which rows first had them: a field's column is its place. It
 * only grows, up to 31 columns, so that a mask of columns is a positive number of 32 bits and what was encoded stays
 * valid; a value with a field beyond them is sent as JSON. Names are compared byte for byte, with their quotes. Owned
 * by the shard's io thread; one for each channel.
 */
public final class ColumnTable {
    /** No column. */
    static final int NONE = -1;
    static final int MAX_COLUMNS = 31;
    /** A longer name gets no column: the names of a channel take at most 4 KB. */
    private static final int MAX_NAME_BYTES = 130;

    private final byte[][] names = new byte[MAX_COLUMNS][];
    private int count;

    /** How many columns there are. */
    public int count() {
        return count;
    }

    /** Adds the names of the columns as the elements of a JSON array. */
    public void appendNames(final MessageBuffer out) {
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.put(',');
            }
            out.put(names[i]);
        }
    }

    /** The column of a field, tried first at {@code guess}; {@link #NONE} if it has none and gets none. */
    int column(final byte[] source, final int offset, final int length, final int guess) {
        if (guess < count && is(guess, source, offset, length)) {
            return guess;
        }
        for (int i = 0; i < count; i++) {
            if (is(i, source, offset, length)) {
                return i;
            }
        }
        if (count == MAX_COLUMNS || length > MAX_NAME_BYTES) {
            return NONE;
        }
        names[count] = Arrays.copyOfRange(source, offset, offset + length);
        return count++;
    }

    /** Where the name of a column ends that begins at {@code from}, quotes included; negative if it does not. */
    int nameEnd(final int column, final byte[] text, final int from, final int end) {
        if (column >= count || end - from <= names[column].length) {
            return NONE;
        }
        final byte[] name = names[column];
        for (int i = 0; i < name.length; i++) {
            if (name[i] != text[from + i]) {
                return NONE;
            }
        }
        return from + name.length;
    }

    private boolean is(final int column, final byte[] source, final int offset, final int length) {
        final byte[] name = names[column];
        // most names differ in the byte before the quote, or in their length
        return name.length == length && name[length - 2] == source[offset + length - 2]
            && Arrays.equals(name, 0, length, source, offset, offset + length);
    }
}
