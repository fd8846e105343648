package penstock.recording;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Writes recordings for tests. */
public final class RecordingTexts {
    private RecordingTexts() {
    }

    /** Writes text, compressed if the name ends so. */
    public static Path write(final Path file, final String content) {
        try (OutputStream raw = Files.newOutputStream(file);
             OutputStream out = file.toString().endsWith(".gz") ? new GZIPOutputStream(raw) : raw) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        } catch (final IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return file;
    }
}
