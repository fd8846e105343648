package penstock.recording.write;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import penstock.feed.report.RecordingReport;
import penstock.telemetry.Telemetry;
import penstock.upstream.UpstreamFactory;

/** The recording of one feed, as long as it is recorded to the same files. Any thread. */
public final class FeedRecording {
    private static final String BROKEN = "an internal error; nothing is recorded until the next start, see the log";

    private final RecordedFeed feed;
    private final FeedRecorder recorder;
    private final FeedFiles files;
    private final BooleanSupplier isBroken;

    /** {@code isBroken}: nothing is written any more. */
    FeedRecording(final RecordedFeed feed, final FeedRecorder recorder, final FeedFiles files,
            final BooleanSupplier isBroken) {
        this.feed = feed;
        this.recorder = recorder;
        this.files = files;
        this.isBroken = isBroken;
    }

    RecordedFeed feed() {
        return feed;
    }

    FeedRecorder recorder() {
        return recorder;
    }

    /** The same connections, recorded. */
    public UpstreamFactory over(final UpstreamFactory upstreams) {
        return new RecordedUpstreams(upstreams, recorder);
    }

    /** What the operator sees of it. */
    public RecordingReport report() {
        final Path current = files.current();
        return new RecordingReport(feed.directory().toString(),
            current == null ? null : current.getFileName().toString(),
            isBroken.getAsBoolean() ? BROKEN : files.failure(), files.messages(), lost());
    }

    private long lost() {
        return recorder.refused() + files.lost();
    }

    /** Registers the counts. */
    void register(final Telemetry telemetry) {
        telemetry.count("penstock_record_messages_total", "Messages in the recording of the feed.", files::messages,
            "feed", feed.name());
        telemetry.count("penstock_record_bytes_total", "Compressed bytes of the recording of the feed.",
            files::writtenBytes, "feed", feed.name());
        telemetry.count("penstock_record_lost_total", "Messages that are missing in the recording of the feed: the "
            + "disk was full, failed, or was too slow.", this::lost, "feed", feed.name());
        telemetry.gauge("penstock_record_failing", "1 while the disk does not take the recording of the feed.",
            () -> files.failure() == null && !isBroken.getAsBoolean() ? 0 : 1, "feed", feed.name());
    }
}
