package penstock.recording.delay;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import penstock.recording.RecordingClock;
import penstock.recording.RecordingFiles;
import penstock.recording.RecordingMark;

/** Writes a recording as a relay does, under the hands of a test. One thread. */
final class GrowingRecording implements AutoCloseable {
    private final OutputStream messages;
    private final OutputStream times;

    GrowingRecording(final Path directory, final RecordingClock clock) throws IOException {
        final RecordingFiles files = RecordingFiles.named(directory, "live", clock.nowNs());
        messages = zipped(files.messages());
        times = zipped(files.times());
        mark(RecordingMark.begin(clock, "json"));
        flush();
    }

    private static OutputStream zipped(final Path file) throws IOException {
        return new BufferedOutputStream(new GZIPOutputStream(Files.newOutputStream(file), 8_192, true), 32_768);
    }

    void message(final long receivedNs, final String text) throws IOException {
        message(receivedNs, 1, text);
    }

    void message(final long receivedNs, final int connection, final String text) throws IOException {
        messages.write((text + "\n").getBytes(StandardCharsets.UTF_8));
        mark(receivedNs + " " + connection + " text");
    }

    void fetched(final long receivedNs, final long key, final String body) throws IOException {
        messages.write((body + "\n").getBytes(StandardCharsets.UTF_8));
        mark(receivedNs + " 0 fetched:" + Long.toHexString(key));
    }

    void mark(final String line) throws IOException {
        times.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void flush() throws IOException {
        messages.flush();
        times.flush();
    }

    @Override
    public void close() throws IOException {
        messages.close();
        times.close();
    }
}
