package penstock.venue.emit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import penstock.json.JsonNumber;
import penstock.venue.rule.ByteSlice;

/** The object that is being written, reused from message to message. Owned by the feed thread. */
public final class EmitBuffer {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WORD = 8;
    private static final int CONTROL = 0x20;
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final String HEX = "0123456789abcdef";

    private byte[] bytes = new byte[512];
    private int length;
    private int badValues;

    /** The bytes written, from 0 to {@link #length()}; valid until the next message. */
    public byte[] bytes() {
        return bytes;
    }

    /** Number of bytes written. */
    public int length() {
        return length;
    }

    /** Values of the last message that were left out, because they are not of their field's type. */
    public int badValues() {
        return badValues;
    }

    void clear() {
        length = 0;
        badValues = 0;
    }

    void onBadValue() {
        badValues++;
    }

    /** Ends what is written at this position. */
    void end(final int newLength) {
        length = newLength;
    }

    void put(final char c) {
        need(1);
        bytes[length++] = (byte) c;
    }

    void put(final byte[] source, final int offset, final int count) {
        System.arraycopy(source, offset, room(length, count), length, count);
        length += count;
    }

    /** The array to write into; it has room for {@code count} bytes at {@code at}, and for two words behind them. */
    byte[] room(final int at, final int count) {
        if (at + count > bytes.length - 2 * WORD) {
            bytes = Arrays.copyOf(bytes, Math.max(at + count + 2 * WORD, bytes.length * 2));
        }
        return bytes;
    }

    /**
     * Writes a number of at most 16 bytes where there is room for two words; returns the position behind it, -1 if it
     * is longer. {@code isChecked}: it is known to be a number; else -1 also if it is not one of digits and a point.
     * The words that are looked at are those that are written.
     */
    static int putNumber(final byte[] room, final int at, final byte[] source, final int offset, final int count,
            final boolean isChecked) {
        if (count > 2 * WORD) {
            return -1;
        }
        final long first = JsonNumber.word(source, offset);
        if (count <= WORD) {
            if (!isChecked && !JsonNumber.isDecimal(first, count)) {
                return -1;
            }
            LONGS.set(room, at, first);
            return at + count;
        }
        final long second = JsonNumber.word(source, offset + WORD);
        if (!isChecked && !JsonNumber.isDecimal(first, second, count)) {
            return -1;
        }
        LONGS.set(room, at, first);
        LONGS.set(room, at + WORD, second);
        return at + count;
    }

    /** Writes a name where there is room for it and for two words; returns the position behind it. */
    static int put(final byte[] room, final int at, final FieldName name) {
        LONGS.set(room, at, name.first);
        LONGS.set(room, at + WORD, name.second);
        if (name.length > FieldName.SHORT) {
            System.arraycopy(name.json, 0, room, at, name.length);
        }
        return at + name.length;
    }

    /** The object ends at that position: what stands before its first name is its bracket. */
    void close(final int at) {
        final int end = Math.max(1, at);
        bytes[0] = '{';
        bytes[end] = '}';
        length = end + 1;
    }

    void putNull() {
        put(NULL, 0, NULL.length);
    }

    boolean put(final ByteSlice text) {
        put(text.bytes(), text.offset(), text.length());
        return true;
    }

    /** As a JSON string. */
    boolean putQuoted(final ByteSlice text) {
        need(text.length() * 6 + 2);
        final byte[] source = text.bytes();
        bytes[length++] = '"';
        for (int i = text.offset(); i < text.offset() + text.length(); i++) {
            final byte b = source[i];
            if (b == '"' || b == '\\') {
                bytes[length++] = '\\';
                bytes[length++] = b;
            } else if (b >= 0 && b < CONTROL) {
                putEscape(b);
            } else {
                bytes[length++] = b;
            }
        }
        bytes[length++] = '"';
        return true;
    }

    private void putEscape(final byte b) {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = (byte) HEX.charAt(b >> 4);
        bytes[length++] = (byte) HEX.charAt(b & 0xf);
    }

    private void need(final int count) {
        room(length, count);
    }
}
