package penstock.json;

import java.util.Arrays;

/**
 * The results of a scan: for each slot of the trie, the slice and type of the value, or absent. The slices point into
 * the scanned buffer and are valid until the next scan or until the buffer changes. Owned by its scanner's thread.
 */
public final class JsonValues {
    private final int[] types;
    private final int[] offsets;
    private final int[] lengths;
    private final boolean[] escaped;
    private byte[] buffer;

    JsonValues(final int slotCount) {
        types = new int[slotCount];
        offsets = new int[slotCount];
        lengths = new int[slotCount];
        escaped = new boolean[slotCount];
    }

    /** The buffer that all slices point into. */
    public byte[] buffer() {
        return buffer;
    }

    /** One of {@link JsonType}. */
    public int type(final int slot) {
        return types[slot];
    }

    /** True if the pointer leads to a value; {@code null} is a value. */
    public boolean isPresent(final int slot) {
        return types[slot] != JsonType.ABSENT;
    }

    /** Position of the value; of a string: the position of its opening quote. */
    public int offset(final int slot) {
        return offsets[slot];
    }

    /** Length of the value in bytes; of a string: with both quotes. */
    public int length(final int slot) {
        return lengths[slot];
    }

    /** True if the value is a string with a backslash. */
    public boolean isEscaped(final int slot) {
        return escaped[slot];
    }

    void reset(final byte[] source) {
        buffer = source;
        Arrays.fill(types, JsonType.ABSENT);
    }

    void capture(final int slot, final int type, final int from, final int to, final boolean isEscaped) {
        types[slot] = type;
        offsets[slot] = from;
        lengths[slot] = to - from;
        escaped[slot] = isEscaped;
    }
}
