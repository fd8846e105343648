package penstock.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import penstock.audit.SessionRecord;
import penstock.fanout.harm.BehindCause;
import penstock.feed.report.ConnectionReport;
import penstock.feed.report.FeedReport;
import penstock.feed.report.RecordingReport;
import penstock.link.LinkReading;
import penstock.ring.FeedState;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.topic.FeedStatus;
import penstock.venue.Venue;
import penstock.venue.VenueCounts;
import penstock.config.VenueSettings;

/** What is found, by a clock that the test turns. */
class FindingWatchTest {
    private static final long SECOND_US = 1_000_000;
    private static final long SECOND_NS = 1_000_000_000;
    private static final FeedStatus LIVE = new FeedStatus(FeedState.LIVE, null, 0, -1, 0);

    private final Telemetry telemetry = new Telemetry();
    private final Counters feedCounters = telemetry.counters("feed");
    private final Counters shardCounters = telemetry.counters("fanout-0");
    private final VenueCounts counts = Venue.load("binance", VenueSettings.DEFAULT, name -> null).counts();
    private final VenueCounts others = Venue.load("kraken-v2", VenueSettings.DEFAULT, name -> null).counts();
    private final LateSessions late = new LateSessions();
    private long nowUs = 1_795_000_000_000_000L;
    private boolean hasRejected;
    private RecordingReport recording;
    private LinkReading link;
    private FeedStatus status = LIVE;
    private FeedReport report = report(List.of(), Map.of(), List.of());
    private final FindingWatch watch = new FindingWatch(telemetry, () -> nowUs);

    FindingWatchTest() {
        watch.watch(0, counts, 1, feedCounters, () -> hasRejected, () -> recording);
        watch.look();
    }

    @Test
    void shouldFindNothingWhileAllIsWell() {
        seconds(100);
        assertThat(found()).isEmpty();
    }

    @Test
    void shouldSayThatTheLinkIsDownInsteadOfEachFeed() {
        watch.watchLink(() -> link);
        link = reading(false, 3 * SECOND_NS);
        status = new FeedStatus(FeedState.STALE, "upstream_silent", nowUs - 7, -1, 1);
        seconds(1);
        assertThat(found()).extracting(OperatorFinding::subject).as("the next address may answer")
            .containsExactly("feed kraken");
        final long sinceUs = nowUs;
        seconds(3);
        assertThat(found()).extracting(OperatorFinding::subject, OperatorFinding::severity, OperatorFinding::sinceUs)
            .containsExactly(tuple("link", FindingSeverity.CRITICAL, sinceUs));
        assertThat(found().get(0).cause()).isEqualTo("backing off: connection refused");
        status = LIVE;
        link = reading(true, 0);
        seconds(1);
        assertThat(found()).isEmpty();
    }

    @Test
    void shouldSayThatTheLinkIsLate() {
        watch.watchLink(() -> link);
        link = reading(true, 3 * SECOND_NS);
        seconds(1);
        assertThat(found()).extracting(OperatorFinding::subject, OperatorFinding::severity, OperatorFinding::text)
            .containsExactly(tuple("link", FindingSeverity.WARNING, "what comes from the relay in front is 3.0 s old"));
    }

    @Test
    void shouldSayThatARelayIsNotFollowedAndThatEventsAreMissing() {
        feedCounters.increment(Counter.LINK_REFUSALS);
        feedCounters.increment(Counter.LINK_GAPS);
        seconds(1);
        assertThat(found()).extracting(OperatorFinding::subject).containsExactly("link", "link");
        assertThat(found().get(0).cause()).startsWith("a loop, too many relays in a row");
        assertThat(found().get(1).remedy()).contains("fanout.journal");
    }

    @Test
    void shouldSayWhyAnEdgeIsLate() {
        watch.watchEdges(() -> List.of(new LateEdge("london", 3 * SECOND_NS, BehindCause.SOCKET),
            new LateEdge("paris", SECOND_NS / 2, BehindCause.SOCKET),
            new LateEdge("rome", SECOND_NS, BehindCause.RELAY)));
        assertThat(found()).extracting(OperatorFinding::subject, OperatorFinding::sinceUs)
            .containsExactly(tuple("edge london", nowUs - 3 * SECOND_US), tuple("edge rome", nowUs - SECOND_US));
        assertThat(found().get(0).cause()).startsWith("its link takes no bytes");
        assertThat(found().get(1).remedy()).startsWith("more cores");
    }

    private static LinkReading reading(final boolean isLive, final long lagNs) {
        return new LinkReading(new LinkReading.Where(isLive ? "live" : "backing off", isLive, 0, "ws://ingest:8080/",
            "connection refused"), List.of("ingest-a~0f51a7de"), 5, lagNs, 0, 0);
    }

    @Test
    void shouldSayWhyAFeedIsNotLive() {
        status = new FeedStatus(FeedState.STALE, "contested", nowUs - 7, -1, 1);
        final OperatorFinding finding = found().get(0);
        assertThat(finding.severity()).isEqualTo(FindingSeverity.CRITICAL);
        assertThat(finding.subject()).isEqualTo("feed kraken");
        assertThat(finding.cause()).startsWith("another program goes on logging in with the same credentials")
            .endsWith("; last event: detail");
        assertThat(finding.sinceUs()).isEqualTo(nowUs - 7);
    }

    @Test
    void shouldSayThatARecordingLosesMessagesAndWhy() {
        final String dir = "/var/lib/penstock/record";
        recording = new RecordingReport(dir, "live.jsonl.gz", null, 7, 0);
        seconds(5);
        assertThat(found()).isEmpty();
        recording = new RecordingReport(dir, null, "java.io.IOException: No space left on device", 7, 0);
        seconds(1);
        final long beganUs = nowUs;
        assertThat(found()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(FindingSeverity.WARNING);
            assertThat(finding.subject()).isEqualTo("feed kraken");
            assertThat(finding.text()).isEqualTo("it is not recorded");
            assertThat(finding.cause()).startsWith("the disk is full at " + dir + " (");
        });
        recording = new RecordingReport(dir, null, "java.nio.file.AccessDeniedException: x", 7, 12);
        seconds(20);
        assertThat(found()).singleElement().satisfies(finding -> {
            assertThat(finding.text()).isEqualTo("its recording lacks 12 messages, and the next ones too");
            assertThat(finding.cause()).startsWith("nothing can be written in " + dir + ": ");
            assertThat(finding.sinceUs()).isEqualTo(beganUs);
            assertThat(finding.remedy()).startsWith("free space in " + dir);
        });
        recording = new RecordingReport(dir, "later.jsonl.gz", null, 8, 13);
        seconds(1);
        assertThat(found()).singleElement().satisfies(finding -> assertThat(finding.text())
            .isEqualTo("its recording lacks 13 messages"));
        seconds(61);
        assertThat(found()).isEmpty();
    }

    @Test
    void shouldSaySinceWhenACountRisesAndForgetItOnceItIsQuiet() {
        seconds(10);
        feedCounters.increment(Counter.RING_FULL);
        seconds(1);
        final long beganUs = nowUs;
        feedCounters.add(Counter.RING_FULL, 2);
        seconds(20);
        assertThat(found()).singleElement().satisfies(finding -> {
            assertThat(finding.subject()).isEqualTo("ring");
            assertThat(finding.text()).contains("3 times");
            assertThat(finding.sinceUs()).isEqualTo(beganUs);
            assertThat(finding.cause()).doesNotContain("3 ms");
        });
        shardCounters.increment(Counter.LONG_HOLDS);
        seconds(5);
        assertThat(found().get(0).cause()).contains("1 tasks held one for more than 3 ms");
        seconds(31);
        assertThat(found()).isEmpty();
        feedCounters.increment(Counter.RING_FULL);
        seconds(1);
        assertThat(found().get(0).text()).as("a new time").contains("1 times");
    }

    @Test
    void shouldNameAnotherLoginBeforeTheConnectionsThatItCost() {
        feedCounters.add(Counter.FEED_EVICTIONS, 5);
        feedCounters.add(Counter.FEED_DISCONNECTS, 5);
        seconds(1);
        assertThat(found()).extracting(OperatorFinding::cause).first().asString().startsWith("another program logs in");
        assertThat(found()).hasSize(2);
    }

    @Test
    void shouldForgiveThreeLostConnectionsInTenMinutes() {
        feedCounters.add(Counter.FEED_DISCONNECTS, 3);
        seconds(1);
        assertThat(found()).isEmpty();
    }

    @Test
    void shouldNameSymbolsThatAreAcceptedAndSilentOrRejected() {
        counts.onNamesWithoutValue(List.of("quote BAR/USD"));
        hasRejected = true;
        seconds(1);
        final long beganUs = nowUs;
        seconds(60);
        report = report(List.of(), Map.of("FOO/USD", "not supported"), counts.namesWithoutValue());
        assertThat(found()).extracting(OperatorFinding::text)
            .containsExactly("no value came for quote BAR/USD", "the venue rejects FOO/USD");
        assertThat(found()).extracting(OperatorFinding::sinceUs).containsExactly(beganUs, beganUs);
        assertThat(found().get(1).cause()).contains("FOO/USD: not supported");
    }

    @Test
    void shouldNameAConnectionThatStaysLostWhileTheFeedIsLive() {
        report = report(List.of(connection("live", 90_000), connection("backing_off", 4_000)), Map.of(), List.of());
        assertThat(found()).as("a rollover").isEmpty();
        report = report(List.of(connection("live", 90_000), connection("backing_off", 6_000)), Map.of(), List.of());
        final OperatorFinding finding = found().get(0);
        assertThat(finding.text()).startsWith("1 of 2 connections are not live");
        assertThat(finding.cause()).isEqualTo("connection reset");
        assertThat(finding.sinceUs()).isEqualTo(nowUs - 6 * SECOND_US);
    }

    @Test
    void shouldTellWhichClockIsWrong() {
        ages(counts, -3_200_000);
        final long beganUs = nowUs;
        assertThat(found().get(0).text()).contains("3.2 s ahead of this machine's clock");
        assertThat(found().get(0).subject()).isEqualTo("feed kraken");
        assertThat(found().get(0).cause()).contains("or the venue's is ahead");
        assertThat(found().get(0).sinceUs()).isEqualTo(beganUs);
        seconds(121);
        ages(counts, 100_000);
        assertThat(found()).as("the clock was set").isEmpty();
        seconds(121);
        ages(counts, 5_000_000);
        assertThat(found().get(0).text()).contains("5.0 s old when they come");
    }

    @Test
    void shouldBlameTheClockThatSeveralFeedsShare() {
        watch.watch(1, others, 1, telemetry.counters("feed/other"), () -> false, () -> null);
        others.onLag(0, -4_000_000, nowUs);
        ages(counts, -3_000_000);
        assertThat(watch.find(answers(false, "kraken", "binance"))).singleElement().satisfies(finding -> {
            assertThat(finding.subject()).isEqualTo("clock");
            assertThat(finding.cause()).isEqualTo("this machine's clock is behind");
        });
    }

    @Test
    void shouldNameTheLatestSessionOfThoseThatAreSlow() {
        for (int i = 0; i < 998; i++) {
            late.add(session("s" + i), BehindCause.INTERVAL, 30 * SECOND_NS);
        }
        late.add(session("almost"), BehindCause.SOCKET, SECOND_NS - 1);
        final LateSessions other = new LateSessions();
        other.add(session("slow"), BehindCause.SOCKET, 4_200_000_000L);
        late.add(other);
        assertThat(found()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(FindingSeverity.WARNING);
            assertThat(finding.subject()).isEqualTo("session slow");
            assertThat(finding.text()).isEqualTo("1 of 1000 sessions is late: slow (desk-7, 10.0.0.5:51000) by 4.2 s");
            assertThat(finding.cause()).startsWith("its socket takes no bytes");
            assertThat(finding.sinceUs()).isEqualTo(nowUs - 4_200_000);
        });
    }

    @Test
    void shouldBlameTheNetworkIfMostSessionsAreSlow() {
        for (int i = 0; i < 20; i++) {
            late.add(session("s" + i), BehindCause.SOCKET, (2 + i) * SECOND_NS);
        }
        assertThat(found().get(0).subject()).isEqualTo("sessions");
        assertThat(found().get(0).text()).startsWith("20 of 20 sessions are late; the latest: s19");
        assertThat(found().get(0).cause()).contains("the network of this machine, or a proxy");
    }

    @Test
    void shouldPutWhatHurtsAllFirst() {
        late.add(session("slow"), BehindCause.SOCKET, 90 * SECOND_NS);
        late.add(session("waits"), BehindCause.RELAY, 2 * SECOND_NS);
        feedCounters.increment(Counter.RING_FULL);
        feedCounters.increment(Counter.FEED_EVICTIONS);
        status = new FeedStatus(FeedState.STALE, "upstream_silent", nowUs, -1, 1);
        seconds(1);
        assertThat(watch.find(answers(true, "kraken"))).extracting(OperatorFinding::subject).containsExactly(
            "feed kraken", "ring", "session waits", "relay", "feed kraken", "session slow");
    }

    @Test
    void shouldCountWhatOthersRegister() {
        final long[] failures = {0};
        telemetry.count("penstock_usage_failed_appends_total", "Appends that failed.", () -> failures[0]);
        seconds(1);
        failures[0] = 4;
        seconds(1);
        assertThat(found()).extracting(OperatorFinding::subject, OperatorFinding::text)
            .containsExactly(tuple("usage ledger",
                "the usage ledger could not be written, 4 times"));
    }

    private void ages(final VenueCounts of, final long ageUs) {
        of.onLag(0, ageUs, nowUs);
        watch.look();
    }

    private void seconds(final int count) {
        for (int i = 0; i < count; i++) {
            nowUs += SECOND_US;
            watch.look();
        }
    }

    private List<OperatorFinding> found() {
        return watch.find(answers(false, "kraken"));
    }

    private FindingWatch.Answers answers(final boolean isDraining, final String... feeds) {
        final List<FeedView> views = new ArrayList<>();
        for (final String feed : feeds) {
            views.add(new FeedView(feed, status, report));
        }
        return new FindingWatch.Answers(views, late, isDraining);
    }

    private static SessionRecord session(final String name) {
        return new SessionRecord(name, "ws", "desk-7", "10.0.0.5:51000", 0, false);
    }

    private static ConnectionReport connection(final String state, final long forMs) {
        return new ConnectionReport(0, "wss://venue", new ConnectionReport.State(state, forMs, "detail"),
            new ConnectionReport.Loss("connection reset", forMs), 3, 0, false);
    }

    private static FeedReport report(final List<ConnectionReport> connections, final Map<String, String> rejected,
            final List<String> withoutValue) {
        return new FeedReport("detail", 2, connections, rejected, withoutValue);
    }
}
