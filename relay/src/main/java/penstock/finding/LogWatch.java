package penstock.finding;

import java.util.List;
import penstock.telemetry.StandardStreams;

/** What is wrong with the log. Owned by the {@link FindingWatch} that looks at it. */
final class LogWatch {
    private static final String SUBJECT = "log";
    private static final String READER = "restart the log collector, or what else reads standard output and standard "
        + "error; nothing else waits for it";
    /** Waiting for a disk takes less. */
    private static final long BLOCKED_MS = 3_000;
    private static final long QUIET_MS = 60_000;
    private static final long US_PER_MS = 1_000;

    private final RecentRise dropped = new RecentRise(StandardStreams::droppedLines, QUIET_MS);
    private final RecentRise refused = new RecentRise(StandardStreams::refusedLines, QUIET_MS);

    void look(final long nowUs) {
        dropped.look(nowUs);
        refused.look(nowUs);
    }

    void add(final List<OperatorFinding> found, final long nowUs) {
        add(found, StandardStreams.blockedForMs(), nowUs);
    }

    private void add(final List<OperatorFinding> found, final long blockedMs, final long nowUs) {
        final boolean drops = dropped.isRecent(nowUs);
        if (blockedMs >= BLOCKED_MS) {
            found.add(new OperatorFinding(FindingSeverity.WARNING, SUBJECT,
                "the log is blocked: a stream takes no line" + (drops ? ", and " + dropped.by() + " were dropped" : ""),
                "nothing reads standard output or standard error: the log collector hangs",
                nowUs - blockedMs * US_PER_MS, READER));
        } else if (refused.isRecent(nowUs)) {
            found.add(new OperatorFinding(FindingSeverity.WARNING, SUBJECT,
                refused.by() + " lines of the log were dropped", "they could not be written: the disk is full, or the "
                + "reader is gone", refused.sinceUs(), "free space, or start the log collector again"));
        } else if (drops) {
            found.add(new OperatorFinding(FindingSeverity.WARNING, SUBJECT,
                dropped.by() + " lines of the log were dropped", "nothing read them in time: the log collector is slow",
                dropped.sinceUs(), READER));
        }
    }
}
