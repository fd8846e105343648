package penstock.json;

import java.util.Arrays;

/**
 * The results of a scan: for each slot of the trie, the slice and type of the value, or absent. The slices point into
 * the scanned buffer and are valid until the next scan or until the buffer changes. Owned by its scanner's thread.
 */
public final class JsonValues {
    /** Beside the type of a string with a backslash. */
    private static final int ESCAPED = 0x100;
    private static final int TYPES = 0xff;

    private final int[] types;
    /** Position and length in one, so that keeping a value takes two writes. */
    private final long[] slices;
    private byte[] buffer;

    JsonValues(final int slotCount) {
        types = new int[slotCount];
        slices = new long[slotCount];
    }

    /** The buffer that all slices point into. */
    public byte[] buffer() {
        return buffer;
    }

    /** One of {@link JsonType}. */
    public int type(final int slot) {
        return types[slot] & TYPES;
    }

    /** True if the pointer leads to a value; {@code null} is a value. */
    public boolean isPresent(final int slot) {
        return types[slot] != JsonType.ABSENT;
    }

    /** Position of the value; of a string: the position of its opening quote. */
    public int offset(final int slot) {
        return (int) (slices[slot] >>> Integer.SIZE);
    }

    /** Length of the value in bytes; of a string: with both quotes. */
    public int length(final int slot) {
        return (int) slices[slot];
    }

    /** True if the value is a string with a backslash. */
    public boolean isEscaped(final int slot) {
        return (types[slot] & ESCAPED) != 0;
    }

    void reset(final byte[] source) {
        buffer = source;
        Arrays.fill(types, JsonType.ABSENT);
    }

    void capture(final int slot, final int type, final int from, final int to, final boolean isEscaped) {
        types[slot] = isEscaped ? type | ESCAPED : type;
        slices[slot] = (long) from << Integer.SIZE | to - from;
    }
}
