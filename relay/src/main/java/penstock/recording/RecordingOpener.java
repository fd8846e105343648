package penstock.recording;

import java.nio.file.Files;
import java.nio.file.Path;

/** Opens recordings. Stateless. */
public final class RecordingOpener {
    private RecordingOpener() {
    }

    /**
     * Opens a file of messages at its start, of a relay or of another program, or the directory of a relay's.
     *
     * @throws RecordingException with the place and a remedy if it cannot be read
     */
    public static Recording open(final Path file) {
        if (Files.isDirectory(file)) {
            return RecordedSpan.of(file, null, RecordedSpan.Span.ALL);
        }
        final RecordedLines lines = RecordedLines.open(file);
        final RecordingFiles files = RecordingFiles.of(file);
        if (files == null || !lines.isOfRelay()) {
            return lines;
        }
        lines.close();
        return RecordedSpan.of(files);
    }
}
