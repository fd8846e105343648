package penstock.rows;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import penstock.wire.Decimal;
import penstock.wire.MessageBuffer;

/**
 * Where an object has its names and values, learned from one object and used for others of the same length. The updates
 * of a channel repeat few layouts: 62 to 96 in a hundred quotes and trades of recordings have one of sixteen. So most
 * rows are written without a search for the end of each value: all bytes are compared with what may stand there and
 * the values copied, eight bytes at a time and without a branch. An object that is not all ASCII fits none. Owned by
 * the shard's io thread.
 */
final class RowLayout {
    /** A longer object has no layout. */
    static final int MAX_BYTES = 512;
    /** A layout makes room for another one when it fits nothing any more; one that fits now and then stays. */
    private static final int MAX_MISSES = 3;
    private static final VarHandle LONG =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WORDS = MAX_BYTES / Long.BYTES;
    private static final int COPIES = WORDS + ColumnTable.MAX_COLUMNS;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    /** Of numbers and words: blanks and quotes are below, braces above. */
    private static final int LOWEST_PLAIN = '"' + 1;
    private static final int HIGHEST_PLAIN = 'z';
    private static final int HIGHEST_ASCII = 0x7f;

    private int length;
    private int misses;
    private int words;
    /** By word of the object: the lowest and the highest byte that may stand in each place; the same in names. */
    private final long[] lowest = new long[WORDS];
    private final long[] highest = new long[WORDS];
    /** The words that have bytes of strings, and which of their bytes are others. */
    private final int[] stringWords = new int[WORDS];
    private final long[] otherBytes = new long[WORDS];
    private int stringCount;
    /** What is copied, eight bytes each: places in the object and in the row. */
    private final int[] from = new int[COPIES];
    private final int[] to = new int[COPIES];
    private int copies;
    /** The mask of the columns and a comma. */
    private final byte[] mask = new byte[2 * Long.BYTES];
    private int rowBytes;
    /** Where the brace gets in the row, behind the value that is the last one of the object. */
    private int braceAt;

    /** Adds the row of an object; false, and nothing added, if it has another layout. */
    boolean write(final MessageBuffer out, final byte[] text, final int offset, final int bytes) {
        if (bytes != length || offset + bytes + Long.BYTES > text.length) {
            return false;
        }
        if (!fits(text, offset)) {
            misses++;
            return false;
        }
        misses = 0;
        final int begin = out.length();
        final byte[] target = out.room(rowBytes + mask.length);
        copy(mask, 0, target, begin);
        copy(mask, Long.BYTES, target, begin + Long.BYTES);
        for (int i = 0; i < copies; i++) {
            copy(text, offset + from[i], target, begin + to[i]);
        }
        target[begin + braceAt] = ',';
        out.length(begin + rowBytes);
        return true;
    }

    /** A difference below 0 sets the high bit of its byte, and borrows from the next one only then. */
    private boolean fits(final byte[] text, final int offset) {
        long outside = 0;
        for (int i = 0; i < words; i++) {
            final long word = (long) LONG.get(text, offset + (i << 3));
            outside |= word - lowest[i] | highest[i] - word | word;
        }
        for (int i = 0; i < stringCount; i++) {
            final long word = (long) LONG.get(text, offset + (stringWords[i] << 3)) | otherBytes[i];
            final long quote = word ^ QUOTES;
            final long backslash = word ^ BACKSLASHES;
            outside |= quote - ONES & ~quote | backslash - ONES & ~backslash;
        }
        return (outside & HIGH_BITS) == 0;
    }

    private static void copy(final byte[] text, final int at, final byte[] target, final int to) {
        LONG.set(target, to, (long) LONG.get(text, at));
    }

    /** Whether it is to be learned from an object of {@code bytes} that did not fit. */
    boolean isOutdated(final int bytes) {
        return bytes <= MAX_BYTES && (bytes != length || misses > MAX_MISSES);
    }

    /** Takes the layout of an object: the columns that it has, and where in {@code text} their values are. */
    void learn(final byte[] text, final int offset, final int bytes, final int columns, final int[] offsets,
            final int[] lengths) {
        length = bytes;
        misses = 0;
        words = bytes + Long.BYTES - 1 >> 3;
        Arrays.fill(otherBytes, 0, words, -1);
        for (int i = 0; i < words << 3; i++) {
            final int fixed = i < bytes ? text[offset + i] & HIGHEST_ASCII : 0;
            allow(i, fixed, i < bytes ? fixed : HIGHEST_ASCII);
        }
        copies = 0;
        rowBytes = Decimal.put(mask, 0, columns);
        mask[rowBytes] = ',';
        for (int rest = columns; rest != 0; rest &= rest - 1) {
            final int column = Integer.numberOfTrailingZeros(rest);
            learnValue(text, offset, offsets[column] - offset, lengths[column]);
        }
        stringCount = 0;
        for (int i = 0; i < words; i++) {
            if (otherBytes[i] != -1) {
                stringWords[stringCount] = i;
                otherBytes[stringCount++] = otherBytes[i];
            }
        }
    }

    private void learnValue(final byte[] text, final int offset, final int at, final int bytes) {
        final boolean isString = text[offset + at] == '"';
        // the quotes of a string are as fixed as names
        final int quote = isString ? 1 : 0;
        for (int i = at + quote; i < at + bytes - quote; i++) {
            if (isString) {
                allow(i, 0, HIGHEST_ASCII);
                otherBytes[i >> 3] &= ~(0xffL << shift(i));
            } else {
                allow(i, LOWEST_PLAIN, HIGHEST_PLAIN);
            }
        }
        // with the byte behind it, mostly the comma that the row needs, too
        for (int i = 0; i <= bytes; i += Long.BYTES) {
            from[copies] = at + i;
            to[copies++] = rowBytes + 1 + i;
        }
        rowBytes += 1 + bytes;
        if (at + bytes == length - 1) {
            braceAt = rowBytes;
        }
    }

    private void allow(final int at, final int low, final int high) {
        final long others = ~(0xffL << shift(at));
        lowest[at >> 3] = lowest[at >> 3] & others | (long) low << shift(at);
        highest[at >> 3] = highest[at >> 3] & others | (long) high << shift(at);
    }

    private static int shift(final int at) {
        return (at & 7) << 3;
    }
}
