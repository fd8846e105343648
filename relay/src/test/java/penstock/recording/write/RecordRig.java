package penstock.recording.write;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import penstock.config.relay.RecordConfig;
import penstock.recording.RecordedSpan;
import penstock.recording.RecordingClock;
import penstock.recording.RecordingEntry;
import penstock.recording.RecordingFiles;
import penstock.venue.spec.PayloadCodec;

/** A writer without its thread, with a clock that a test turns. One thread. */
final class RecordRig {
    static final RecordConfig CONFIG = new RecordConfig(1 << 20, 3_600_000, 1 << 30, 86_400_000, 64 << 10);
    /** 2026-12-01T09:30:00Z. */
    static final long BEGIN_NS = 1_796_117_400_000_000_000L;

    final LittleDisk disk = new LittleDisk();
    final RecordingClock clock = new RecordingClock(this::monotonicNs, BEGIN_NS, "boot");
    final RecordFolders folders = new RecordFolders("the rig");
    final FeedRecorder recorder;
    final FeedFiles files;
    private final RecordWriter writer;
    private final Path directory;
    private long nowNs;
    private boolean isBegun;

    RecordRig(final Path directory, final RecordConfig config, final PayloadCodec.Kind payload) {
        this.directory = directory;
        final RecordBuffer buffer = new RecordBuffer(config.bufferBytes());
        recorder = new FeedRecorder(buffer, clock, 0);
        writer = new RecordWriter(buffer, config, disk, clock, folders);
        files = writer.add(new RecordedFeed("live", "json", directory, payload, 1 << 20), recorder);
        isBegun = true;
    }

    RecordRig(final Path directory) {
        this(directory, CONFIG, PayloadCodec.Kind.NONE);
    }

    private long monotonicNs() {
        return isBegun ? nowNs : 0;
    }

    void advanceMs(final long ms) {
        nowNs += ms * 1_000_000;
    }

    void text(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        recorder.onMessage(true, 1, nowNs, bytes, 0, bytes.length);
    }

    void binary(final byte[] bytes) {
        recorder.onMessage(false, 1, nowNs, bytes, 0, bytes.length);
    }

    /** A second passes, and the writer works. */
    void second() {
        advanceMs(1_000);
        write();
    }

    void write() {
        int work = 1;
        while (work > 0) {
            work = writer.doWork();
        }
    }

    void close() {
        writer.close();
        folders.close();
    }

    List<RecordingFiles> written() throws IOException {
        return RecordingFiles.in(directory, null);
    }

    /** Everything that the files of a directory have, one text for each entry. */
    static List<String> read(final Path directory) {
        final List<String> entries = new ArrayList<>();
        try (RecordedSpan span = RecordedSpan.of(directory, null, RecordedSpan.Span.ALL)) {
            while (span.nextEntry()) {
                entries.add(text(span.entry()) + (span.isBreak() ? " break" : ""));
            }
        }
        return entries;
    }

    static String text(final RecordingEntry entry) {
        return switch (entry.kind()) {
            case OPEN, CLOSE -> entry.kind() + " " + entry.connection();
            case LOST -> "LOST " + entry.missing();
            default -> entry.kind() + " " + new String(entry.buffer(), entry.offset(), entry.length(),
                StandardCharsets.UTF_8);
        };
    }
}
