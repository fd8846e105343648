package penstock.finding;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import penstock.feed.report.RecordingReport;
import penstock.lease.LeaseStatus;
import penstock.link.LinkReading;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.venue.VenueCounts;

/**
 * Knows what is wrong with a relay. It looks at the counts once a second, so that it can say since when they rise; the
 * rest is asked when somebody wants to know.
 *
 * <p>The first shard's thread looks, any io thread asks, under one lock: a look takes microseconds.
 */
public final class FindingWatch {
    private static final long HOLDS_QUIET_MS = 30_000;

    private final LongSupplier epochUs;
    private final Map<WatchedCount, RecentRise> rises = new EnumMap<>(WatchedCount.class);
    /** By number. */
    private final Map<Integer, WatchedFeed> feeds = new TreeMap<>();
    private final RecentRise longHolds;
    private final LogWatch log = new LogWatch();
    private final LeaseWatch lease = new LeaseWatch();
    private Supplier<List<OperatorFinding>> bus = List::of;
    private final LinkWatch link = new LinkWatch();
    private Supplier<List<LateEdge>> edges = List::of;

    /**
     * What the parts of the relay say at the moment of the question.
     *
     * @param feeds      the feeds, by number
     * @param late       the sessions of all io threads
     * @param isDraining whether the operator lets all sessions leave
     */
    public record Answers(List<FeedView> feeds, LateSessions late, boolean isDraining) {
    }

    /** Of the relay that counts in {@code telemetry}; {@code epochUs}: microseconds since 1970. */
    public FindingWatch(final Telemetry telemetry, final LongSupplier epochUs) {
        this.epochUs = epochUs;
        for (final WatchedCount each : WatchedCount.values()) {
            if (!each.isOfFeed()) {
                rises.put(each, each.over(telemetry));
            }
        }
        longHolds = new RecentRise(() -> telemetry.sum(Counter.LONG_HOLDS), HOLDS_QUIET_MS);
    }

    /**
     * Watches the feed of that number, with {@code channels} channels, instead of one that had the number. {@code
     * recording} gives null if it is not recorded.
     */
    public synchronized void watch(final int feed, final VenueCounts counts, final int channels,
            final Counters counters, final BooleanSupplier rejectsSymbols, final Supplier<RecordingReport> recording) {
        feeds.put(feed, new WatchedFeed(counts, channels, counters, rejectsSymbols, recording));
    }

    /** Watches the lease that decides which relay is connected. */
    public synchronized void watch(final Supplier<LeaseStatus> status) {
        lease.of(status);
    }

    /** Asks {@code findings} what is wrong with the bus. */
    public synchronized void watchBus(final Supplier<List<OperatorFinding>> findings) {
        bus = findings;
    }

    /** Watches the link to the relay in front. */
    public synchronized void watchLink(final Supplier<LinkReading> reading) {
        link.of(reading);
    }

    /** Watches the relays behind this one. */
    public synchronized void watchEdges(final Supplier<List<LateEdge>> late) {
        edges = late;
    }

    /** Reads the counts; once a second. */
    public synchronized void look() {
        final long nowUs = epochUs.getAsLong();
        lease.look(nowUs);
        link.look(nowUs);
        rises.values().forEach(rise -> rise.look(nowUs));
        feeds.values().forEach(feed -> feed.look(nowUs));
        longHolds.look(nowUs);
        log.look(nowUs);
    }

    /** What is wrong now, the worst first; empty if all is well. */
    public synchronized List<OperatorFinding> find(final Answers answers) {
        final long nowUs = epochUs.getAsLong();
        final List<OperatorFinding> found = new ArrayList<>();
        if (!link.add(found)) {
            answers.feeds.forEach(feed -> WatchedFeed.addLoss(found, feed));
        }
        lease.add(found);
        found.addAll(bus.get());
        addCounts(found, nowUs);
        answers.late.addRelay(found, nowUs);
        if (answers.isDraining) {
            found.add(new OperatorFinding(FindingSeverity.WARNING, "relay",
                "the relay drains: sessions leave, and it refuses new ones", "the operator asked for it", nowUs,
                "DELETE /admin/v1/drain undoes it"));
        }
        final List<String> titles = new ArrayList<>();
        final List<ClockSkew> skews = new ArrayList<>();
        // of a feed that has just come, the shard that answers may know nothing yet
        final Map<Integer, WatchedFeed> known = new TreeMap<>(feeds);
        known.keySet().removeIf(number -> number >= answers.feeds.size());
        known.forEach((number, feed) -> {
            titles.add(answers.feeds.get(number).title());
            skews.add(feed.skew());
        });
        ClockSkew.add(found, titles, skews, nowUs);
        known.forEach((number, feed) -> feed.add(found, answers.feeds.get(number), nowUs));
        log.add(found, nowUs);
        edges.get().forEach(edge -> edge.add(found, nowUs));
        answers.late.addClients(found, nowUs);
        // stable: of equal severity, those above come first
        found.sort(Comparator.comparing(OperatorFinding::severity));
        return found;
    }

    private void addCounts(final List<OperatorFinding> found, final long nowUs) {
        final String holds = longHolds.isRecent(nowUs) ? "; " + longHolds.by() + " tasks held one for more than 3 ms: "
            + "a long collection of garbage, a slow disk or no free core" : "";
        rises.forEach((count, rise) -> {
            final String why = count == WatchedCount.RING_FULL ? holds : "";
            final OperatorFinding finding = count.find(null, rise, why, nowUs);
            if (finding != null) {
                found.add(finding);
            }
        });
    }
}
