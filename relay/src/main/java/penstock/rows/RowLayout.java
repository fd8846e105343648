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
 * the values copied, eight bytes at a time and without a branch. A string that is not all ASCII fits none. Owned by
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
    /** Of a decimal number and what is copied with it. */
    private static final int ROOM = 3 * Long.BYTES;
    private static final int COPIES = WORDS + ColumnTable.MAX_COLUMNS;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = ONES << 7;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    /** Of numbers and words: blanks and quotes are below. */
    private static final int LOWEST_PLAIN = '"' + 1;
    private static final int HIGH_BIT = 0x80;

    private int length;
    private int misses;
    private int words;
    /** By word of the object: the lowest byte that may stand in each place; the only one in a name. */
    private final long[] lowest = new long[WORDS];
    /** By word: the bits that are 0 in the difference to the lowest byte, of a name all of them. */
    private final long[] zeros = new long[WORDS];
    /** The words that have bytes of strings, and which of their bytes are others. */
    private final int[] stringWords = new int[WORDS];
    private final long[] otherBytes = new long[WORDS];
    private int stringCount;
    /** What is copied, eight bytes each: places in the object, and in the row in the upper half. */
    private final int[] moves = new int[COPIES];
    private int copies;
    /** The mask of the columns and a comma. */
    private final byte[] mask = new byte[ROOM];
    private int maskBytes;
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
        if (maskBytes > Long.BYTES) {
            copy(mask, Long.BYTES, target, begin + Long.BYTES);
        }
        for (int i = 0; i < copies; i++) {
            copy(text, offset + (moves[i] & 0xffff), target, begin + (moves[i] >>> 16));
        }
        target[begin + braceAt] = ',';
        out.length(begin + rowBytes);
        return true;
    }

    /**
     * Where the first wrong byte is below the lowest one, the difference has bits that must be 0, and borrows from the
     * next byte; so it has where it is above, in a name. What is above in a value is part of a value: JSON that is
     * valid has a quote in front of each name.
     */
    private boolean fits(final byte[] text, final int offset) {
        long wrong = 0;
        for (int i = 0; i < words; i++) {
            wrong |= (long) LONG.get(text, offset + (i << 3)) - lowest[i] & zeros[i];
        }
        return wrong == 0 && hasPlainStrings(text, offset);
    }

    private boolean hasPlainStrings(final byte[] text, final int offset) {
        // mostly one or two: a loop takes longer than they do
        long wrong = stringCount > 0 ? strange(text, offset, 0) : 0;
        if (stringCount > 1) {
            wrong |= strange(text, offset, 1);
            for (int i = 2; i < stringCount; i++) {
                wrong |= strange(text, offset, i);
            }
        }
        return (wrong & HIGH_BITS) == 0;
    }

    /** Has the high bit of a byte of a string that is a quote or a backslash. */
    private long strange(final byte[] text, final int offset, final int i) {
        final long word = (long) LONG.get(text, offset + (stringWords[i] << 3)) | otherBytes[i];
        final long quote = word ^ QUOTES;
        final long backslash = word ^ BACKSLASHES;
        return quote - ONES & ~quote | backslash - ONES & ~backslash;
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
            if (i < bytes) {
                allow(i, text[offset + i] & 0xff, 0xff);
            } else {
                allow(i, 0, 0);
            }
        }
        copies = 0;
        rowBytes = Decimal.put(mask, 0, columns);
        mask[rowBytes] = ',';
        maskBytes = rowBytes + 1;
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
                allow(i, 0, HIGH_BIT);
                otherBytes[i >> 3] &= ~(0xffL << shift(i));
            } else {
                allow(i, LOWEST_PLAIN, HIGH_BIT);
            }
        }
        // with the byte behind it, mostly the comma that the row needs, too
        for (int i = 0; i <= bytes; i += Long.BYTES) {
            moves[copies++] = rowBytes + 1 + i << 16 | at + i;
        }
        rowBytes += 1 + bytes;
        if (at + bytes == length - 1) {
            braceAt = rowBytes;
        }
    }

    private void allow(final int at, final int low, final int zeroBits) {
        final long others = ~(0xffL << shift(at));
        lowest[at >> 3] = lowest[at >> 3] & others | (long) low << shift(at);
        zeros[at >> 3] = zeros[at >> 3] & others | (long) zeroBits << shift(at);
    }

    private static int shift(final int at) {
        return (at & 7) << 3;
    }
}
