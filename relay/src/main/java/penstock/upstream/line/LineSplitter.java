package penstock.upstream.line;

import java.util.Arrays;

/**
 * Finds the lines in bytes that arrive in parts of any size. Of a line that is longer than the limit only the beginning
 * is passed on, which is no JSON; the rest is skipped. No garbage but for a longer line than all before. Owned by the
 * feed thread.
 */
final class LineSplitter {
    private final int maxBytes;
    private final Lines lines;
    private byte[] line = new byte[4 << 10];
    private int length;
    private boolean isSkipping;

    /** Takes the lines. */
    interface Lines {
        /** One line without its end; false = no more are taken. */
        boolean onLine(byte[] bytes, int offset, int count);
    }

    LineSplitter(final int maxBytes, final Lines lines) {
        this.maxBytes = maxBytes;
        this.lines = lines;
    }

    /** The next bytes. */
    void add(final byte[] bytes, final int count) {
        int from = 0;
        for (int at = 0; at < count; at++) {
            if (bytes[at] == '\n') {
                if (!onEnd(bytes, from, at)) {
                    return;
                }
                from = at + 1;
            }
        }
        append(bytes, from, count);
    }

    /** No more bytes: the last line needs no end. */
    void end() {
        final int all = length;
        length = 0;
        if (all > 0) {
            pass(line, 0, all);
        }
    }

    private boolean onEnd(final byte[] bytes, final int from, final int to) {
        if (isSkipping) {
            isSkipping = false;
            return true;
        }
        if (length == 0 && to - from <= maxBytes) {
            return pass(bytes, from, to - from);
        }
        append(bytes, from, to);
        isSkipping = false;
        final int all = length;
        length = 0;
        return all == 0 || pass(line, 0, all);
    }

    private boolean pass(final byte[] bytes, final int offset, final int count) {
        final int shown = count > 0 && bytes[offset + count - 1] == '\r' ? count - 1 : count;
        return shown == 0 || lines.onLine(bytes, offset, shown);
    }

    private void append(final byte[] bytes, final int from, final int to) {
        if (isSkipping || from == to) {
            return;
        }
        final int taken = Math.min(to - from, maxBytes - length);
        if (length + taken > line.length) {
            line = Arrays.copyOf(line, Math.min(maxBytes, Math.max(line.length * 2, length + taken)));
        }
        System.arraycopy(bytes, from, line, length, taken);
        length += taken;
        if (taken < to - from) {
            isSkipping = true;
            final int all = length;
            length = 0;
            lines.onLine(line, 0, all);
        }
    }
}
