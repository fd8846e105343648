package penstock.recording;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Lines of a file as slices of one buffer, which grows to the longest line. Owned by the thread that reads.
 */
final class LineBuffer {
    private static final int MAX_LINE_BYTES = 64 << 20;

    private final Path file;
    private final Source source;
    private byte[] buffer = new byte[64 << 10];
    private int filled;
    private int scanned;
    private int offset;
    private int length;
    private int nextOffset;
    private long number;

    /** What the lines come from. */
    @FunctionalInterface
    interface Source {
        /** Reads into an array; 0 or less = there is no more now. */
        int read(byte[] into, int offset, int length);
    }

    /** Of {@code file}, which {@code source} reads. */
    LineBuffer(final Path file, final Source source) {
        this.file = file;
        this.source = source;
    }

    /** Moves to the next line, without its end; false if there is none now. */
    boolean next() {
        offset = nextOffset;
        length = 0;
        scanned = Math.max(scanned, offset);
        while (true) {
            for (; scanned < filled; scanned++) {
                if (buffer[scanned] == '\n') {
                    length = scanned - offset;
                    nextOffset = ++scanned;
                    number++;
                    return true;
                }
            }
            if (!fill()) {
                return false;
            }
        }
    }

    /** After {@link #next} was false: moves to a line that has no end; false if there is none. */
    boolean nextUnended() {
        if (filled == offset) {
            return false;
        }
        length = filled - offset;
        nextOffset = filled;
        number++;
        return true;
    }

    byte[] buffer() {
        return buffer;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    long number() {
        return number;
    }

    /** The line as text. */
    String text() {
        return new String(buffer, offset, length, StandardCharsets.UTF_8);
    }

    /** The current line as {@code file:line}. */
    String place() {
        return file + ":" + number;
    }

    /** The line behind the current one, likewise. */
    String nextPlace() {
        return file + ":" + (number + 1);
    }

    private boolean fill() {
        if (offset > 0) {
            System.arraycopy(buffer, offset, buffer, 0, filled - offset);
            filled -= offset;
            scanned -= offset;
            offset = 0;
            nextOffset = 0;
        }
        if (filled == buffer.length) {
            if (filled >= MAX_LINE_BYTES) {
                throw new RecordingException(nextPlace() + ": line is longer than " + MAX_LINE_BYTES
                    + " bytes; one message per line is expected");
            }
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        final int count = source.read(buffer, filled, buffer.length - filled);
        filled += Math.max(0, count);
        return count > 0;
    }
}
