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
    /** The first eight bytes of a name and its colon, and which of them count. */
    private final long[] words = new long[MAX_COLUMNS];
    private final long[] wordMasks = new long[MAX_COLUMNS];
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
        final byte[] key = Arrays.copyOf(names[count], length + 1);
        key[length] = ':';
        words[count] = word(key);
        wordMasks[count] = -1L >>> Math.max(0, Long.SIZE - 8 * key.length);
        return count++;
    }

    /** Bytes of a name and its colon. */
    int keyBytes(final int column) {
        return names[column].length + 1;
    }

    /** Whether a name and its colon begin with these eight bytes, the first one lowest. */
    boolean begins(final int column, final long word) {
        return (word & wordMasks[column]) == words[column];
    }

    /** Whether the rest of a name and its colon stands there, too. */
    boolean continues(final int column, final byte[] text, final int from) {
        final byte[] name = names[column];
        final int colon = from + name.length;
        return name.length < Long.BYTES || colon < text.length && text[colon] == ':'
            && Arrays.equals(name, Long.BYTES, name.length, text, from + Long.BYTES, colon);
    }

    /** The first column from {@code first} on whose name and colon stand there; {@link #NONE} if there is none. */
    int nextByBytes(final int first, final byte[] text, final int from) {
        for (int i = first; i < count; i++) {
            final int colon = nameEnd(i, text, from, text.length);
            if (colon >= 0 && text[colon] == ':') {
                return i;
            }
        }
        return NONE;
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

    /** The first eight bytes of a text, or all of them and zeros, as the first byte's lowest. */
    private static long word(final byte[] text) {
        long word = 0;
        for (int i = Math.min(text.length, Long.BYTES) - 1; i >= 0; i--) {
            word = word << 8 | text[i] & 0xff;
        }
        return word;
    }

    private boolean is(final int column, final byte[] source, final int offset, final int length) {
        final byte[] name = names[column];
        // most names differ in the byte before the quote, or in their length
        return name.length == length && name[length - 2] == source[offset + length - 2]
            && Arrays.equals(name, 0, length, source, offset, offset + length);
    }
}
