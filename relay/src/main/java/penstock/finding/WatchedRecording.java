package penstock.finding;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import penstock.feed.report.RecordingReport;

/** What is wrong with the recording of a feed. Owned by the {@link FindingWatch} that has it, and guarded by it. */
final class WatchedRecording {
    private static final long QUIET_MS = 60_000;

    private final Supplier<RecordingReport> recording;
    private final ConditionSpan failing = new ConditionSpan();
    private final RecentRise lost;

    /** {@code recording}: any thread may ask for it; it gives null if the feed is not recorded. */
    WatchedRecording(final Supplier<RecordingReport> recording) {
        this.recording = recording;
        lost = new RecentRise(() -> recording.get() == null ? 0 : recording.get().lost(), QUIET_MS);
    }

    void look(final long nowUs) {
        final RecordingReport report = recording.get();
        failing.look(report != null && report.failure() != null, nowUs);
        lost.look(nowUs);
    }

    /** Appends that it lacks messages. */
    void add(final List<OperatorFinding> found, final String title, final long nowUs) {
        final RecordingReport report = recording.get();
        if (report == null) {
            return;
        }
        final String missing = lost.isRecent(nowUs) ? "its recording lacks " + lost.by() + " messages" : null;
        if (report.failure() != null) {
            found.add(new OperatorFinding(FindingSeverity.WARNING, title, missing == null
                ? "it is not recorded" : missing + ", and the next ones too", cause(report), failing.sinceUs(nowUs),
                "free space in " + report.dir() + ", or make it writable: the relay tries again every five seconds; "
                + "the prices go on"));
        } else if (missing != null) {
            found.add(new OperatorFinding(FindingSeverity.WARNING, title, missing,
                "the disk of " + report.dir() + " was full or failed, or was slower than they came; it is recorded now",
                lost.sinceUs(), "none, if the disk had no room; else use a faster disk, or a larger record.buffer"));
        }
    }

    private static String cause(final RecordingReport report) {
        final String failure = report.failure().toLowerCase(Locale.ROOT);
        return failure.contains("no space left") || failure.contains("quota") ? "the disk is full at " + report.dir()
            + " (" + report.failure() + ")" : "nothing can be written in " + report.dir() + ": " + report.failure();
    }
}
