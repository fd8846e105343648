package penstock.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Strict UTF-8 (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF), in as many pieces as the text
 * arrives in. What a piece leaves open is one number that the caller keeps. Refuses at the first byte that no text
 * could continue with. Stateless: any thread.
 */
final class Utf8Validator {
    /** Between two characters: where a text begins and must end. */
    static final int BETWEEN = 0;

    /** No text begins like this. */
    static final int BAD = -1;

    // The states inside a character, by what must follow. The second byte after E0, ED, F0 and F4 has a narrower range
    // than 80..BF.
    private static final int ONE = 1;
    private static final int TWO = 2;
    private static final int THREE = 3;
    private static final int AFTER_E0 = 4;
    private static final int AFTER_ED = 5;
    private static final int AFTER_F0 = 6;
    private static final int AFTER_F4 = 7;

    private static final int[] LOWEST = {0, 0x80, 0x80, 0x80, 0xa0, 0x80, 0x90, 0x80};
    private static final int[] HIGHEST = {0, 0xbf, 0xbf, 0xbf, 0xbf, 0x9f, 0xbf, 0x8f};
    private static final int[] NEXT = {0, BETWEEN, ONE, TWO, ONE, ONE, TWO, TWO};

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8Validator() {
    }

    /** The state behind {@code length} more bytes of a text that stood at {@code state}; {@link #BAD} is final. */
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
        return value >= LOWEST[state] && value <= HIGHEST[state] ? NEXT[state] : BAD;
    }

    /**
     * {@code value} is 80 or more. 80..BF continue a character, C0 and C1 could only begin an overlong one, F5 and more
     * are too far.
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
