package penstock.recording;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Lines of a compressed file that may still be written, as slices of one buffer, which grows to the longest line. A
 * line without an end is none: its writer was ended there, or has not written all of it.
 *
 * <p>Owned by the thread that reads.
 */
final class GrowingLines implements Closeable {
    private static final int MAX_LINE_BYTES = 64 << 20;

    private final Path file;
    private final GrowingGzip gzip;
    private byte[] buffer = new byte[64 << 10];
    private int filled;
    private int scanned;
    private int offset;
    private int length;
    private int nextOffset;
    private long number;

    GrowingLines(final Path file) {
        this.file = file;
        gzip = new GrowingGzip(file);
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

    /** After {@link #next} was false: true if no more will be written. */
    boolean isComplete() {
        return gzip.isComplete();
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

    /** The line as text. */
    String text() {
        return new String(buffer, offset, length, StandardCharsets.UTF_8);
    }

    /** The current line as {@code file:line}. */
    String place() {
        return file + ":" + number;
    }

    @Override
    public void close() {
        gzip.close();
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
                throw new RecordingException(file + ":" + (number + 1) + ": line is longer than " + MAX_LINE_BYTES
                    + " bytes; one message per line is expected");
            }
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        final int count = gzip.read(buffer, filled, buffer.length - filled);
        filled += count;
        return count > 0;
    }
}
