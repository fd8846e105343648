package penstock.recording;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Lines of a plain or gzip file as slices of one buffer, which grows to the longest line.
 *
 * <p>Owned by the thread that reads.
 */
final class LineReader implements Closeable {
    private static final int MAX_LINE_BYTES = 64 * 1024 * 1024;
    private final Path file;
    private final InputStream input;
    private byte[] buffer = new byte[64 * 1024];
    private int filled;
    private int scanned;
    private int offset;
    private int length;
    private long number;
    private boolean isAtEnd;

    LineReader(final Path file) {
        this.file = file;
        try {
            final InputStream raw = Files.newInputStream(file);
            input = file.toString().endsWith(".gz") ? unzipped(raw) : raw;
        } catch (final NoSuchFileException e) {
            throw new RecordingException(file + ": no such file", e);
        } catch (final IOException e) {
            throw new RecordingException(file + ": cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Moves to the next line, without its line end; false at the end of the file. */
    boolean next() {
        offset += length + (number == 0 ? 0 : 1);
        scanned = Math.min(offset, filled);
        offset = scanned;
        while (true) {
            for (int i = scanned; i < filled; i++) {
                if (buffer[i] == '\n') {
                    return found(i);
                }
            }
            scanned = filled;
            if (isAtEnd) {
                return filled > offset && found(filled);
            }
            fill();
        }
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

    /** The current line as {@code file:line}. */
    String place() {
        return file + ":" + number;
    }

    Path file() {
        return file;
    }

    long number() {
        return number;
    }

    @Override
    public void close() {
        try {
            input.close();
        } catch (final IOException e) {
            throw new RecordingException(file + ": cannot be closed: " + e.getMessage(), e);
        }
    }

    private static InputStream unzipped(final InputStream raw) throws IOException {
        try {
            return new GZIPInputStream(new BufferedInputStream(raw, 64 * 1024), 64 * 1024);
        } catch (final IOException e) {
            raw.close();
            throw e;
        }
    }

    private boolean found(final int end) {
        length = end - offset;
        number++;
        return true;
    }

    private void fill() {
        if (offset > 0) {
            System.arraycopy(buffer, offset, buffer, 0, filled - offset);
            filled -= offset;
            scanned -= offset;
            offset = 0;
        }
        if (filled == buffer.length) {
            if (filled >= MAX_LINE_BYTES) {
                throw new RecordingException(file + ":" + (number + 1) + ": line is longer than " + MAX_LINE_BYTES
                    + " bytes; one message per line is expected");
            }
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        try {
            final int count = input.read(buffer, filled, buffer.length - filled);
            if (count < 0) {
                isAtEnd = true;
            } else {
                filled += count;
            }
        } catch (final IOException e) {
            throw new RecordingException(file + ":" + (number + 1) + ": cannot be read: " + e.getMessage()
                + "; is the file complete?", e);
        }
    }
}
