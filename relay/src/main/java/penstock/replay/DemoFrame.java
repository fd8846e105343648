package penstock.replay;

import java.nio.charset.StandardCharsets;

/**
 * A frame of the demo: text and decimal numbers, written without garbage.
 *
 * <p>Owned by the demo server's io thread.
 */
final class DemoFrame {
    private final byte[] bytes;
    private int length;

    DemoFrame(final int maxBytes) {
        bytes = new byte[maxBytes];
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Keeps the first bytes only. */
    DemoFrame truncate(final int newLength) {
        length = newLength;
        return this;
    }

    DemoFrame put(final byte[] ascii) {
        System.arraycopy(ascii, 0, bytes, length, ascii.length);
        length += ascii.length;
        return this;
    }

    /** A number that is not negative, counted in steps of {@code 10^-scale}. */
    DemoFrame put(final long value, final int scale) {
        long rest = value;
        int count = 0;
        do {
            bytes[length + count++] = (byte) ('0' + rest % 10);
            rest /= 10;
            if (count == scale) {
                bytes[length + count++] = '.';
            }
        } while (rest > 0 || scale > 0 && count < scale + 2);
        for (int i = 0; i < count / 2; i++) {
            final byte swapped = bytes[length + i];
            bytes[length + i] = bytes[length + count - 1 - i];
            bytes[length + count - 1 - i] = swapped;
        }
        length += count;
        return this;
    }

    static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
