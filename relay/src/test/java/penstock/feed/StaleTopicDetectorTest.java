package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.config.relay.FeedConfig;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;

/** One topic falls silent while its peers go on. */
class StaleTopicDetectorTest {
    private static final String LIMIT = "channels.quote.silence = 5s\n";
    private static final String SUBSCRIBE = LIMIT
        + """
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{symbols|json},"id":{id}}\"""
          ack { mode = none }
        }
        """;

    private final FeedRig rig = new FeedRig();

    @Test
    void shouldReportAStaleTopicOnceAndNoRecovery() {
        final FakeUpstreams.Server venue = rig.open("", LIMIT).text(FeedRig.quote("A", 1))
            .text(FeedRig.quote("B", 1));
        rig.ring.news();
        tick(venue, "B", 5);
        assertThat(rig.ring.news()).containsOnly("1 7");
        tick(venue, "B", 20);
        assertThat(rig.ring.news()).containsOnly("1 7", "0 STALE silent").containsOnlyOnce("0 STALE silent");
        assertThat(rig.count(Counter.FEED_TOPICS_SILENT)).isEqualTo(1);
        // the value itself makes the topic live, and starts a new limit
        venue.text(FeedRig.quote("A", 2));
        tick(venue, "B", 4);
        assertThat(rig.ring.news()).contains("0 2").noneMatch(line -> line.contains("STALE"));
        tick(venue, "B", 4);
        assertThat(rig.ring.news()).containsOnlyOnce("0 STALE silent");
    }

    @Test
    void shouldReportNoTopicWhenAllAreSilent() {
        rig.open("", LIMIT).text(FeedRig.quote("A", 1)).text(FeedRig.quote("B", 1));
        rig.ring.news();
        rig.clock.advance(3_600_000);
        assertThat(rig.ring.news()).isEmpty();
    }

    @Test
    void shouldNotCheckWithoutALimit() {
        final FakeUpstreams.Server venue = rig.open("", "").text(FeedRig.quote("A", 1));
        assertThat(rig.clock.timerCount()).isZero();
        rig.ring.news();
        tick(venue, "B", 3_600);
        assertThat(rig.ring.news()).noneMatch(line -> line.contains("STALE"));
    }

    @Test
    void shouldRestartTheLimitOfEachTopicAfterAReconnect() {
        final FakeUpstreams.Server first = rig.open("", LIMIT).text(FeedRig.quote("A", 1))
            .text(FeedRig.quote("B", 1));
        tick(first, "B", 4);
        first.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(2_000);
        rig.ring.news();
        final FakeUpstreams.Server second = rig.upstreams.last().open().text(FeedRig.quote("A", 2));
        tick(second, "A", 4);
        // B is stale since the loss of the feed, until its next value
        tick(second, "A", 20);
        assertThat(rig.ring.news()).noneMatch(line -> line.contains("silent"));
        second.text(FeedRig.quote("B", 2));
        tick(second, "A", 4);
        assertThat(rig.ring.news()).noneMatch(line -> line.contains("silent"));
        tick(second, "A", 4);
        assertThat(rig.ring.news()).containsOnlyOnce("1 STALE silent");
    }

    @Test
    void shouldCompareOnlyTopicsOfOneConnection() {
        rig.start("max-connections = 2, max-subscriptions = 2", SUBSCRIBE, "A", "B", "C");
        rig.server(0).open().text(FeedRig.quote("A", 1)).text(FeedRig.quote("B", 1));
        final FakeUpstreams.Server two = rig.server(1).open().text(FeedRig.quote("C", 1));
        rig.ring.news();
        tick(two, "C", 20);
        assertThat(rig.ring.news()).noneMatch(line -> line.contains("STALE"));
        tick(rig.server(0), "A", 2);
        assertThat(rig.ring.news()).containsOnlyOnce("1 STALE silent");
    }

    @Test
    void shouldReportNothingOnAWeekendAndRestartTheLimitsAfterwards() {
        // the clock shows Friday 17:38:42 UTC
        final FakeUpstreams.Server venue = rig.open("idle.open = [\"Sun 22:00\", \"Fri 17:40\"]", LIMIT)
            .text(FeedRig.quote("A", 1)).text(FeedRig.quote("B", 1));
        rig.clock.advance(120_000);
        venue.text(FeedRig.quote("A", 2)).text(FeedRig.quote("B", 2));
        rig.ring.news();
        tick(venue, "B", 600);
        assertThat(rig.ring.news()).noneMatch(line -> line.contains("STALE"));
    }

    @Test
    void shouldIgnoreATopicWithoutInterest() {
        rig.start("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        final FakeUpstreams.Server venue = rig.server(0).open();
        rig.session.addInterest(0, List.of("A", "B"), "client");
        venue.text(FeedRig.quote("A", 1)).text(FeedRig.quote("B", 1));
        rig.session.removeInterest(0, List.of("A"));
        rig.ring.news();
        tick(venue, "B", 2);
        tick(venue, "B", 20);
        assertThat(rig.ring.news()).contains("0 forgotten").noneMatch(line -> line.contains("STALE"));
        // interest again: the old value is no update
        rig.session.addInterest(0, List.of("A"), "client");
        tick(venue, "B", 20);
        assertThat(rig.ring.news()).noneMatch(line -> line.contains("silent"));
    }

    @Test
    void shouldLeaveNoTimerBehind() {
        rig.open("", LIMIT).text(FeedRig.quote("A", 1));
        assertThat(rig.clock.timerCount()).isEqualTo(1);
        rig.session.stop();
        rig.server(0).lose(LossReason.STOPPED, true);
        assertThat(rig.clock.timerCount()).isZero();
    }

    private void tick(final FakeUpstreams.Server venue, final String symbol, final int seconds) {
        for (int i = 0; i < seconds; i++) {
            rig.clock.advance(1_000);
            venue.text(FeedRig.quote(symbol, 7));
        }
    }
}
