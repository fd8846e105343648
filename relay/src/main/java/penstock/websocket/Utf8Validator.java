package penstock.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Validates UTF-8 strictly (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF), split at any byte. The
 * caller keeps the state between pieces as one number. Fails at the first byte that no text can contain there.
 * Stateless: any thread.
 */
final class Utf8Validator {
    /** Between two characters: the state in which a text starts and must end. */
    static final int BETWEEN = 0;

    /** Not UTF-8. */
    static final int BAD = -1;

    // The states inside a character, named by the bytes that must follow. The second byte after E0, ED, F0 and F4 has a
    // narrower range than 80..BF.
    private static final int ONE = 1;
    private static final int TWO = 2;
    private static final int THREE = 3;
    private static final int AFTER_E0 = 4;
    private static final int AFTER_ED = 5;
    private static final int AFTER_F0 = 6;
    private static final int AFTER_F4 = 7;

    private static final int[] MIN_BYTE = {0, 0x80, 0x80, 0x80, 0xa0, 0x80, 0x90, 0x80};
    private static final int[] MAX_BYTE = {0, 0xbf, 0xbf, 0xbf, 0xbf, 0x9f, 0xbf, 0x8f};
    private static final int[] NEXT = {0, BETWEEN, ONE, TWO, ONE, ONE, TWO, TWO};

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8Validator() {
    }

    /** The state after {@code length} more bytes of a text in {@code state}; {@link #BAD} is final. */
    static int advance(final int state, final byte[] bytes, final int offset, final int length) {
        int now = state;
        final int end = offset + length;
        int i = offset;
        while (i < end) {
            if (now == BETWEEN) {
                while (i <= end - Long.BYTES && ((long) LONGS.get(bytes, i) & HIGH_BITS) == 0) {
                    i += Long.BYTES;
                }
                while (i < end && bytes[i] >= 0) {
                    i++;
                }
                if (i == end) {
                    return BETWEEN;
                }
            }
            now = afterByte(now, bytes[i++] & 0xff);
            if (now == BAD) {
                return BAD;
            }
        }
        return now;
    }

    private static int afterByte(final int state, final int value) {
        if (state == BETWEEN) {
            return afterLead(value);
        }
        return value >= MIN_BYTE[state] && value <= MAX_BYTE[state] ? NEXT[state] : BAD;
    }

    /**
     * {@code value} is 80 or more. 80..BF continue a character, C0 and C1 start overlong forms only, F5 and above
     * exceed U+10FFFF.
     */
    private static int afterLead(final int value) {
        if (value < 0xc2 || value > 0xf4) {
            return BAD;
        }
        if (value < 0xe0) {
            return ONE;
        }
        if (value < 0xf0) {
            return value == 0xe0 ? AFTER_E0 : value == 0xed ? AFTER_ED : TWO;
        }
        return value == 0xf0 ? AFTER_F0 : value == 0xf4 ? AFTER_F4 : THREE;
    }
}
