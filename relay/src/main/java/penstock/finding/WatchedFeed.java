package penstock.finding;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import penstock.feed.report.ConnectionReport;
import penstock.feed.report.FeedReport;
import penstock.feed.report.RecordingReport;
import penstock.ring.FeedState;
import penstock.telemetry.Counters;
import penstock.venue.VenueCounts;

/** What is wrong with one feed. Owned by the {@link FindingWatch} that has it, and guarded by it. */
final class WatchedFeed {
    /** Changes of a connection that is about to be live take less. */
    private static final long CONNECTION_LOST_MS = 5_000;
    private static final int MAX_NAMES = 5;
    private static final long US_PER_MS = 1_000;

    private final VenueCounts counts;
    private final int channels;
    private final BooleanSupplier rejectsSymbols;
    private final Map<WatchedCount, RecentRise> rises = new EnumMap<>(WatchedCount.class);
    private final ConditionSpan silent = new ConditionSpan();
    private final ConditionSpan rejected = new ConditionSpan();
    private final ClockSkew skew = new ClockSkew();
    private final WatchedRecording recording;

    WatchedFeed(final VenueCounts counts, final int channels, final Counters counters,
            final BooleanSupplier rejectsSymbols, final Supplier<RecordingReport> recording) {
        this.counts = counts;
        this.recording = new WatchedRecording(recording);
        this.channels = channels;
        this.rejectsSymbols = rejectsSymbols;
        for (final WatchedCount each : WatchedCount.values()) {
            if (each.isOfFeed()) {
                rises.put(each, each.of(counters));
            }
        }
    }

    ClockSkew skew() {
        return skew;
    }

    void look(final long nowUs) {
        rises.values().forEach(rise -> rise.look(nowUs));
        silent.look(!counts.namesWithoutValue().isEmpty(), nowUs);
        rejected.look(rejectsSymbols.getAsBoolean(), nowUs);
        long leastUs = Long.MAX_VALUE;
        for (int channel = 0; channel < channels; channel++) {
            final long lagUs = counts.leastLagUs(channel, nowUs);
            leastUs = lagUs == VenueCounts.UNKNOWN ? leastUs : Math.min(leastUs, lagUs);
        }
        skew.look(leastUs, nowUs);
        recording.look(nowUs);
    }

    /** Appends why its prices are not live. */
    static void addLoss(final List<OperatorFinding> found, final FeedView feed) {
        final LossCause cause = LossCause.of(feed.status().reason());
        if (feed.status().state() == FeedState.LIVE || cause == LossCause.STANDBY) {
            return;
        }
        final String detail = feed.report() == null || feed.report().detail().isEmpty() ? ""
            : "; last event: " + feed.report().detail();
        found.add(new OperatorFinding(FindingSeverity.CRITICAL, feed.title(),
            feed.status().state() == FeedState.CLOSED ? "its prices have ended: the venue rejects the relay for good"
                : "its prices are not live", cause.cause() + detail, feed.status().sinceUs(), cause.remedy()));
    }

    /** Appends what is wrong with its connections and symbols while it is live, and what its counts say. */
    void add(final List<OperatorFinding> found, final FeedView feed, final long nowUs) {
        rises.forEach((count, rise) -> {
            final OperatorFinding finding = count.find(feed.title(), rise, "", nowUs);
            if (finding != null) {
                found.add(finding);
            }
        });
        recording.add(found, feed.title(), nowUs);
        if (feed.report() == null) {
            return;
        }
        if (feed.status().state() == FeedState.LIVE) {
            addConnections(found, feed, nowUs);
        }
        addSymbols(found, feed.title(), feed.report(), nowUs);
    }

    private static void addConnections(final List<OperatorFinding> found, final FeedView feed, final long nowUs) {
        final List<ConnectionReport> all = feed.report().connections();
        final List<ConnectionReport> lost = all.stream().filter(WatchedFeed::isLost).toList();
        if (!lost.isEmpty()) {
            final ConnectionReport first = lost.get(0);
            found.add(new OperatorFinding(FindingSeverity.WARNING, feed.title(),
                lost.size() + " of " + all.size() + " connections are not live: their symbols are stale, or have one "
                + "connection instead of two",
                first.lastLoss() == null ? first.state().detail() : first.lastLoss().what(),
                nowUs - first.state().forMs() * US_PER_MS,
                "the relay reconnects; /admin/v1/feeds says which these are"));
        }
    }

    private static boolean isLost(final ConnectionReport connection) {
        return connection.items() > 0 && !connection.state().word().equals("live")
            && !connection.state().word().equals("idle") && connection.state().forMs() > CONNECTION_LOST_MS;
    }

    private void addSymbols(final List<OperatorFinding> found, final String title, final FeedReport report,
            final long nowUs) {
        if (!report.withoutValue().isEmpty()) {
            found.add(new OperatorFinding(FindingSeverity.WARNING, title,
                "no value came for " + names(report.withoutValue()),
                "the venue accepted these symbols and has sent nothing: illiquid, halted or misspelled",
                silent.sinceUs(nowUs), "check their spelling and whether the venue still lists them"));
        }
        if (!report.rejected().isEmpty()) {
            final List<String> texts = new ArrayList<>();
            report.rejected().forEach((symbol, words) -> texts.add(symbol + ": " + words));
            found.add(new OperatorFinding(FindingSeverity.WARNING, title,
                "the venue rejects " + names(List.copyOf(report.rejected().keySet())),
                "its words: " + texts.get(0), rejected.sinceUs(nowUs),
                "check their spelling, case counts; or take them out of feed.symbols"));
        }
    }

    private static String names(final List<String> names) {
        return String.join(", ", names.subList(0, Math.min(names.size(), MAX_NAMES)))
            + (names.size() > MAX_NAMES ? " and " + (names.size() - MAX_NAMES) + " more" : "");
    }
}
