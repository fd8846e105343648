package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.FeedPulse;
import penstock.ring.FeedState;
import penstock.ring.TickRing;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;
import penstock.testkit.TestShards;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;

/** A feed thread that gives no sign of life, as subscribers of a shard and its readiness see it. */
class FeedWatchTest {
    private static final long LONG_NS = 60_000_000_000L;

    private final ManualThread thread = new ManualThread(1_000_000_000L);
    private final Counters counters = new Counters("fanout-0");
    private final FeedPulse pulse = new FeedPulse();
    private final TickRing ring = new TickRing(64, 1 << 16);
    private final Shard shard = TestShards.shard(thread, ring.poller(counters),
        new TopicTable(List.of(new Channel(0, "quote", "last-value", true)), 7, 0),
        new SessionTimeouts(LONG_NS, LONG_NS, LONG_NS, LONG_NS), new SessionLimits(3, 10, 65536, 20, 0, 60_000),
        counters, new ErrorLog());
    private final ModelFeed feed =
        new ModelFeed(ring.publisher(counters, List.of(new ShardProxy(thread, shard)::wake)));
    private final RecordingSocket socket = new RecordingSocket(thread, new Random(1));

    @BeforeEach
    void beginLive() {
        shard.watch(pulse);
        new ShardProxy(thread, shard).start();
        feed.state(FeedState.LIVE);
        tick();
        final Session session = shard.open(socket, WebSocketFormat.PLAIN, "test");
        session.onRequest(ShardRig.request("0", Mode.CONFLATE, 0, "EURUSD"));
        thread.run();
        beatFor(2_000);
        ShardRig.texts(socket);
    }

    @Test
    void shouldReportNothingWhileTheFeedThreadBeatsWithoutData() {
        beatFor(10_000);
        assertThat(ShardRig.texts(socket)).isEmpty();
        assertThat(shard.topics().firstFeed().isReady()).isTrue();
    }

    @Test
    void shouldReportStaleAfterASecondOfSilenceAndLiveAfterTheNextBeat() {
        thread.advanceMs(900);
        assertThat(ShardRig.texts(socket)).as("too early").isEmpty();
        thread.advanceMs(300);
        assertThat(ShardRig.texts(socket)).singleElement().asString()
            .contains("\"scope\":\"feed\",\"state\":\"stale\",\"reason\":\"relay_stuck\",\"since\":17000000");
        assertThat(shard.topics().firstFeed().isReady()).isFalse();
        assertThat(counters.get(Counter.FEED_STUCK)).isEqualTo(1);
        thread.advanceMs(10_000);
        assertThat(ShardRig.texts(socket)).as("once per silence").isEmpty();

        pulse.beat();
        thread.advanceMs(100);
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"state\":\"live\"");
        assertThat(shard.topics().firstFeed().isReady()).isTrue();
        tick();
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"q\":2,").doesNotContain("\"st\"");
    }

    @Test
    void shouldSendAValueFromBeforeTheSilenceAsStale() {
        thread.advanceMs(1_200);
        final RecordingSocket late = new RecordingSocket(thread, new Random(1));
        shard.open(late, WebSocketFormat.PLAIN, "test")
            .onRequest(ShardRig.request("0", Mode.CONFLATE, 0, "EURUSD"));
        thread.run();
        assertThat(ShardRig.texts(late)).last().asString().contains("\"type\":\"snapshot\"", "\"st\":\"stale\"");
    }

    @Test
    void shouldNotTakeAPauseOfTheWholeProcessForSilence() {
        thread.spendNs(60_000_000_000L);
        thread.run();
        pulse.beat();
        beatFor(2_000);
        assertThat(ShardRig.texts(socket)).noneMatch(text -> text.contains("\"status\""));
    }

    @Test
    void shouldLeaveTheStateToTheFeedThreadOnceItReportsOne() {
        thread.advanceMs(1_200);
        feed.state(FeedState.STALE);
        thread.run();
        assertThat(ShardRig.texts(socket)).last().asString().contains("\"reason\":\"test\"");
        beatFor(1_000);
        assertThat(ShardRig.texts(socket)).as("the feed is lost, whatever the thread does").isEmpty();
        assertThat(shard.topics().firstFeed().isReady()).isFalse();
    }

    @Test
    void shouldNotReportASilenceOfAFeedThatIsStale() {
        feed.state(FeedState.STALE);
        thread.run();
        ShardRig.texts(socket);
        thread.advanceMs(5_000);
        beatFor(1_000);
        assertThat(ShardRig.texts(socket)).isEmpty();
        assertThat(counters.get(Counter.FEED_STUCK)).isZero();
    }

    private void tick() {
        feed.tick("EURUSD", thread.nowNs());
        feed.flush();
        thread.run();
    }

    private void beatFor(final long ms) {
        for (long at = 0; at < ms; at += FeedPulse.EVERY_MS) {
            pulse.beat();
            thread.advanceMs(FeedPulse.EVERY_MS);
        }
    }
}
