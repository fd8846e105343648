package penstock.venue.emit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
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
        length = put(room(length, count), length, source, offset, count);
    }

    /** The array to write into; it has room for {@code count} bytes at {@code at}, and for two words behind them. */
    byte[] room(final int at, final int count) {
        if (at + count > bytes.length - 2 * WORD) {
            bytes = Arrays.copyOf(bytes, Math.max(at + count + 2 * WORD, bytes.length * 2));
        }
        return bytes;
    }

    /**
     * Writes bytes where there is room for them; returns the position behind them. Up to 16 bytes, as of prices, are
     * two words: half of what a call to copy them costs.
     */
    static int put(final byte[] room, final int at, final byte[] source, final int offset, final int count) {
        final int end = offset + count;
        if (count > 2 * WORD || count <= 0 || end < WORD) {
            System.arraycopy(source, offset, room, at, count);
        } else if (count > WORD) {
            LONGS.set(room, at, (long) LONGS.get(source, offset));
            LONGS.set(room, at + count - WORD, (long) LONGS.get(source, end - WORD));
        } else {
            // the word that ends with these bytes, so that nothing behind them is read
            LONGS.set(room, at, (long) LONGS.get(source, end - WORD) >>> (WORD - count << 3));
        }
        return at + count;
    }

    /** Likewise. */
    static int put(final byte[] room, final int at, final FieldName name) {
        LONGS.set(room, at, name.first);
        LONGS.set(room, at + WORD, name.second);
        if (name.json.length > FieldName.SHORT) {
            System.arraycopy(name.json, 0, room, at, name.json.length);
        }
        return at + name.json.length;
    }

    /** The object ends at that position: what stands before its first name is its bracket. */
    void close(final int at) {
        length = at;
        if (length == 0) {
            put('{');
        } else {
            bytes[0] = '{';
        }
        put('}');
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
