package penstock.json;

/**
 * Validates UTF-8 in bytes that no WebSocket text frame has validated: binary frames and inflated payloads. As strict
 * as RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. Static; any thread.
 */
public final class Utf8 {
    private Utf8() {
    }

    /** Position of the first invalid sequence in the buffer, or -1. */
    public static int errorAt(final byte[] bytes, final int offset, final int length) {
        final int end = offset + length;
        int at = offset;
        while (at < end) {
            if (bytes[at] >= 0) {
                at++;
            } else {
                final int count = sequence(bytes, at, end);
                if (count == 0) {
                    return at;
                }
                at += count;
            }
        }
        return -1;
    }

    /** Length of the sequence at a byte that is not ASCII, 0 if it is invalid. */
    private static int sequence(final byte[] bytes, final int at, final int end) {
        final int lead = bytes[at] & 0xff;
        final int second = at + 1 < end ? bytes[at + 1] & 0xff : 0;
        if (lead >= 0xc2 && lead <= 0xdf) {
            return isTail(second) ? 2 : 0;
        }
        if (lead >= 0xe0 && lead <= 0xef) {
            final int lowest = lead == 0xe0 ? 0xa0 : 0x80;
            final int highest = lead == 0xed ? 0x9f : 0xbf;
            return second >= lowest && second <= highest && isTail(bytes, at + 2, end) ? 3 : 0;
        }
        if (lead >= 0xf0 && lead <= 0xf4) {
            final int lowest = lead == 0xf0 ? 0x90 : 0x80;
            final int highest = lead == 0xf4 ? 0x8f : 0xbf;
            return second >= lowest && second <= highest && isTail(bytes, at + 2, end) && isTail(bytes, at + 3, end)
                ? 4 : 0;
        }
        return 0;
    }

    private static boolean isTail(final byte[] bytes, final int at, final int end) {
        return at < end && isTail(bytes[at] & 0xff);
    }

    private static boolean isTail(final int b) {
        return (b & 0xc0) == 0x80;
    }
}
