package penstock.recording;

import java.io.Closeable;
import java.nio.file.Path;

/**
 * Lines of a compressed file that may still be written. A line without an end is none: its writer was ended there, or
 * has not written all of it.
 *
 * <p>Owned by the thread that reads.
 */
final class GrowingLines implements Closeable {
    private final GrowingGzip gzip;
    private final LineBuffer lines;

    GrowingLines(final Path file) {
        gzip = new GrowingGzip(file);
        lines = new LineBuffer(file, gzip::read);
    }

    /** Moves to the next line, without its end; false if there is none now. */
    boolean next() {
        return lines.next();
    }

    /** After {@link #next} was false: true if no more will be written. */
    boolean isComplete() {
        return gzip.isComplete();
    }

    /** The current line. */
    LineBuffer line() {
        return lines;
    }

    @Override
    public void close() {
        gzip.close();
    }
}
