package penstock.recording;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Lines of a plain or gzip file that is whole; the last one needs no end.
 *
 * <p>Owned by the thread that reads.
 */
final class LineReader implements Closeable {
    private static final int INPUT_BYTES = 64 << 10;

    private final Path file;
    private final InputStream input;
    private final LineBuffer lines;

    LineReader(final Path file) {
        this.file = file;
        lines = new LineBuffer(file, this::read);
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
        return lines.next() || lines.nextUnended();
    }

    /** The current line. */
    LineBuffer line() {
        return lines;
    }

    Path file() {
        return file;
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
            return new GZIPInputStream(new BufferedInputStream(raw, INPUT_BYTES), INPUT_BYTES);
        } catch (final IOException e) {
            raw.close();
            throw e;
        }
    }

    private int read(final byte[] into, final int offset, final int length) {
        try {
            return input.read(into, offset, length);
        } catch (final IOException e) {
            throw new RecordingException(lines.nextPlace() + ": cannot be read: " + e.getMessage()
                + "; is the file complete?", e);
        }
    }
}
