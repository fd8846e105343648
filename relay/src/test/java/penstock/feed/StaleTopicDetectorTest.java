package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.config.FeedConfig;
import penstock.telemetry.Counter;
import penstock.time.WeeklyHours;
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

    private final FeedStage stage = new FeedStage();

    @Test
    void shouldTellOnceThatATopicIsStaleAndBeQuietAboutItsRecovery() {
        final PlayedUpstreams.Played venue = stage.open("", LIMIT).text(FeedStage.quote("A", 1))
            .text(FeedStage.quote("B", 1));
        stage.ring.news();
        tick(venue, "B", 5);
        assertThat(stage.ring.news()).containsOnly("1 7");
        tick(venue, "B", 20);
        assertThat(stage.ring.news()).containsOnly("1 7", "0 STALE silent").containsOnlyOnce("0 STALE silent");
        assertThat(stage.count(Counter.FEED_TOPICS_SILENT)).isEqualTo(1);
        // the value itself makes it live, and begins a new limit
        venue.text(FeedStage.quote("A", 2));
        tick(venue, "B", 4);
        assertThat(stage.ring.news()).contains("0 2").noneMatch(line -> line.contains("STALE"));
        tick(venue, "B", 4);
        assertThat(stage.ring.news()).containsOnlyOnce("0 STALE silent");
    }

    @Test
    void shouldLeaveSilenceOfAllToTheWatchdogs() {
        stage.open("", LIMIT).text(FeedStage.quote("A", 1)).text(FeedStage.quote("B", 1));
        stage.ring.news();
        stage.clock.advance(3_600_000);
        assertThat(stage.ring.news()).isEmpty();
    }

    @Test
    void shouldNotLookWhereNoLimitIsGiven() {
        final PlayedUpstreams.Played venue = stage.open("", "").text(FeedStage.quote("A", 1));
        assertThat(stage.clock.timerCount()).isZero();
        stage.ring.news();
        tick(venue, "B", 3_600);
        assertThat(stage.ring.news()).noneMatch(line -> line.contains("STALE"));
    }

    @Test
    void shouldGiveEveryTopicAFullLimitAfterAReconnect() {
        final PlayedUpstreams.Played first = stage.open("", LIMIT).text(FeedStage.quote("A", 1))
            .text(FeedStage.quote("B", 1));
        tick(first, "B", 4);
        first.lose(LossReason.DISCONNECTED, true);
        stage.clock.advance(2_000);
        stage.ring.news();
        final PlayedUpstreams.Played second = stage.upstreams.last().open().text(FeedStage.quote("A", 2));
        tick(second, "A", 4);
        // B is stale with the loss of the feed already, until its next value
        tick(second, "A", 20);
        assertThat(stage.ring.news()).noneMatch(line -> line.contains("silent"));
        second.text(FeedStage.quote("B", 2));
        tick(second, "A", 4);
        assertThat(stage.ring.news()).noneMatch(line -> line.contains("silent"));
        tick(second, "A", 4);
        assertThat(stage.ring.news()).containsOnlyOnce("1 STALE silent");
    }

    @Test
    void shouldCompareOnlyTopicsOfOneConnection() {
        stage.start("max-connections = 2, max-subscriptions = 2", SUBSCRIBE, "A", "B", "C");
        stage.server(0).open().text(FeedStage.quote("A", 1)).text(FeedStage.quote("B", 1));
        final PlayedUpstreams.Played two = stage.server(1).open().text(FeedStage.quote("C", 1));
        stage.ring.news();
        tick(two, "C", 20);
        assertThat(stage.ring.news()).noneMatch(line -> line.contains("STALE"));
        tick(stage.server(0), "A", 2);
        assertThat(stage.ring.news()).containsOnlyOnce("1 STALE silent");
    }

    @Test
    void shouldSayNothingOnAWeekendAndGiveTheFullLimitOnceItIsOver() {
        // the clock stands at Friday 17:38:42 UTC
        final PlayedUpstreams.Played venue = stage.open("idle.open = [\"Sun 22:00\", \"Fri 17:40\"]", LIMIT)
            .text(FeedStage.quote("A", 1)).text(FeedStage.quote("B", 1));
        assertThat(new WeeklyHours(0, 1).isOpen(stage.clock.epochUs())).isFalse();
        stage.clock.advance(120_000);
        venue.text(FeedStage.quote("A", 2)).text(FeedStage.quote("B", 2));
        stage.ring.news();
        tick(venue, "B", 600);
        assertThat(stage.ring.news()).noneMatch(line -> line.contains("STALE"));
    }

    @Test
    void shouldLeaveATopicAloneThatNobodyWantsAnyMore() {
        stage.start("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        final PlayedUpstreams.Played venue = stage.server(0).open();
        stage.session.addInterest(0, List.of("A", "B"));
        venue.text(FeedStage.quote("A", 1)).text(FeedStage.quote("B", 1));
        stage.session.removeInterest(0, List.of("A"));
        stage.ring.news();
        tick(venue, "B", 2);
        tick(venue, "B", 20);
        assertThat(stage.ring.news()).filteredOn(line -> line.contains("STALE"))
            .containsExactly("0 STALE not_subscribed");
        // wanted again: what it had is no update
        stage.session.addInterest(0, List.of("A"));
        tick(venue, "B", 20);
        assertThat(stage.ring.news()).noneMatch(line -> line.contains("silent"));
    }

    @Test
    void shouldLeaveNoTimerBehind() {
        stage.open("", LIMIT).text(FeedStage.quote("A", 1));
        assertThat(stage.clock.timerCount()).isEqualTo(1);
        stage.session.stop();
        stage.server(0).lose(LossReason.STOPPED, true);
        assertThat(stage.clock.timerCount()).isZero();
    }

    private void tick(final PlayedUpstreams.Played venue, final String symbol, final int seconds) {
        for (int i = 0; i < seconds; i++) {
            stage.clock.advance(1_000);
            venue.text(FeedStage.quote(symbol, 7));
        }
    }
}
