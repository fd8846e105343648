package penstock.rows;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import penstock.wire.Decimal;
import penstock.wire.MessageBuffer;

/**
 * Writes the row of an object in one pass, if it is written as most are: without blanks, its values no objects or
 * arrays, its fields in the order of their columns. Names are compared and values copied eight bytes at a time. A value
 * is mostly as long as the one before in its column: where the next field begins is taken from there and only checked,
 * so that the processor need not wait for the end of one value to read the next. Owned by the shard's io thread; one
 * for each channel.
 */
final class FlatWriter {
    private static final VarHandle LONG =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** Digits of a mask, and what a copy of eight bytes writes beyond its end. */
    private static final int SPARE = 10 + Long.BYTES;
    private static final int NONE = -1;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long COMMAS = ONES * ',';
    private static final long BRACES = ONES * '}';
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long ABOVE_BLANKS = ONES * (' ' + 1);

    private final ColumnTable columns;
    /** By column: the bytes of the last value. */
    private final int[] lengths = new int[ColumnTable.MAX_COLUMNS];
    /** The mask of the row before: the next one mostly has the same. */
    private int guess;

    FlatWriter(final ColumnTable columns) {
        this.columns = columns;
    }

    /** Adds the row of an object; false, and nothing added, if it is not written like that. */
    boolean write(final MessageBuffer out, final byte[] text, final int offset, final int length) {
        final int end = offset + length;
        final int begin = out.length();
        // a row is no longer than its object but for the mask
        final byte[] target = out.room(length + SPARE);
        final int values = Decimal.put(target, begin, guess);
        int to = values;
        int mask = 0;
        int column = 0;
        int at = offset;
        if (text[at] != '{') {
            return false;
        }
        do {
            column = next(column, text, at + 1);
            if (column == NONE) {
                return false;
            }
            at += 1 + columns.keyBytes(column);
            target[to++] = ',';
            int bytes = lengths[column];
            if (at >= end || !copiesAll(text, at, bytes, target, to)) {
                bytes = valueBytes(text, at, end);
                if (bytes == NONE) {
                    return false;
                }
                System.arraycopy(text, at, target, to, bytes);
                lengths[column] = bytes;
            }
            mask |= 1 << column++;
            at += bytes;
            to += bytes;
        } while (at < end && text[at] == ',');
        if (at != end - 1 || text[at] != '}') {
            return false;
        }
        out.length(mask == guess ? to : replaceMask(target, begin, values, to, mask));
        return true;
    }

    /** The first column from {@code from} on whose name and colon stand there. */
    private int next(final int from, final byte[] text, final int nameAt) {
        if (nameAt + Long.BYTES > text.length) {
            return columns.nextByBytes(from, text, nameAt);
        }
        final long word = (long) LONG.get(text, nameAt);
        for (int i = from; i < columns.count(); i++) {
            if (columns.begins(i, word) && columns.continues(i, text, nameAt)) {
                return i;
            }
        }
        return ColumnTable.NONE;
    }

    /** Copies a value of that many bytes; false if it has others, or is none that a row has as it is. */
    private static boolean copiesAll(final byte[] text, final int at, final int bytes, final byte[] target,
            final int to) {
        if (at + bytes + Long.BYTES > text.length) {
            return false;
        }
        final byte first = text[at];
        if (first == '"') {
            return copiesString(text, at, bytes, target, to);
        }
        int done = 0;
        for (; done + Long.BYTES <= bytes; done += Long.BYTES) {
            if (ends(copy(text, at + done, target, to + done)) != 0) {
                return false;
            }
        }
        final long ends = ends(copy(text, at + done, target, to + done));
        return Long.numberOfTrailingZeros(ends) >>> 3 == bytes - done && first != '{' && first != '[';
    }

    private static boolean copiesString(final byte[] text, final int at, final int bytes, final byte[] target,
            final int to) {
        target[to] = '"';
        int done = 1;
        for (; done + Long.BYTES < bytes; done += Long.BYTES) {
            if (stops(copy(text, at + done, target, to + done)) != 0) {
                return false;
            }
        }
        final int last = at + bytes - 1;
        final long stops = stops(copy(text, at + done, target, to + done));
        return Long.numberOfTrailingZeros(stops) >>> 3 == bytes - 1 - done && text[last] == '"';
    }

    private static long copy(final byte[] text, final int at, final byte[] target, final int to) {
        final long word = (long) LONG.get(text, at);
        LONG.set(target, to, word);
        return word;
    }

    /** Bytes of a value that a row has as it is; {@link #NONE} if it is none, or does not end before {@code end}. */
    private static int valueBytes(final byte[] text, final int at, final int end) {
        if (at >= end || text[at] == '{' || text[at] == '[') {
            return NONE;
        }
        int stop = at;
        if (text[at] == '"') {
            stop = stringEnd(text, at, end);
        } else {
            while (stop < end && text[stop] > ' ' && text[stop] != ',' && text[stop] != '}') {
                stop++;
            }
        }
        return stop < end ? stop - at : NONE;
    }

    /** Where a string ends that begins at {@code from}; {@code end} if there is none. */
    static int stringEnd(final byte[] text, final int from, final int end) {
        if (text[from] != '"') {
            return end;
        }
        int at = from + 1;
        while (at < end && text[at] != '"') {
            at += text[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    /** A bit in each byte that is a comma, a brace or a blank; of those behind the first one some may be wrong. */
    private static long ends(final long word) {
        final long comma = word ^ COMMAS;
        final long brace = word ^ BRACES;
        return (comma - ONES & ~comma | brace - ONES & ~brace | word - ABOVE_BLANKS & ~word) & HIGH_BITS;
    }

    /** The same of quotes and backslashes. */
    private static long stops(final long word) {
        final long quote = word ^ QUOTES;
        final long backslash = word ^ BACKSLASHES;
        return (quote - ONES & ~quote | backslash - ONES & ~backslash) & HIGH_BITS;
    }

    /** Puts the mask in the place of the guessed one; returns where the row ends. */
    private int replaceMask(final byte[] target, final int begin, final int values, final int to, final int mask) {
        final int bytes = to - values;
        final int digits = Decimal.put(target, to, mask) - to;
        System.arraycopy(target, values, target, begin + digits, bytes);
        Decimal.put(target, begin, mask);
        guess = mask;
        return begin + digits + bytes;
    }
}
