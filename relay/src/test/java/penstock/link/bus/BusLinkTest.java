package penstock.link.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static penstock.link.bus.PlayedBus.image;
import static penstock.link.bus.PlayedBus.position;
import static penstock.link.bus.PlayedBus.topic;
import static penstock.link.bus.PlayedBus.update;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;

/** A link over a bus that a test plays: what it asks for, when it is live, and what is not lost. */
class BusLinkTest {
    private static final List<Integer> ALL = IntStream.range(0, 16).boxed().toList();
    private static final long AGAIN_MS = 1_000;
    private static final long STEADY_MS = 2_000;

    private final PlayedBus bus = new PlayedBus(1 << 20);

    /** Topic A in partition 0 and topic B in partition 5, as of number 10 and position 40. */
    private void live() {
        bus.snapshot(0, 7, 10, 40, topic(3, "A"), image(7, 3, 5, 38));
        others(40);
        bus.takeAsked();
    }

    /** Snapshots of the partitions but 0, up to number 10. */
    private void others(final long p) {
        for (int i = 1; i < 16; i++) {
            if (i == 5) {
                bus.snapshot(5, 7, 10, p, topic(4, "B"), image(7, 4, 2, 40));
            } else {
                bus.snapshot(i, 7, 10, p);
            }
        }
    }

    /** Signs of life for so long that a loss is no news. */
    private void stay(final long ms, final long seq) {
        for (long i = 0; i < ms; i += 250) {
            bus.clock.advance(250);
            bus.alive(7, seq);
        }
    }

    private void positions(final long seq, final long p) {
        for (int i = 0; i < 16; i++) {
            bus.stream(i, 7, seq, position(p));
        }
    }

    @Test
    void shouldAskForASnapshotOfEachPartitionAndGoOnWithWhatFollows() {
        assertThat(bus.takeAsked()).isEqualTo(ALL);
        assertThat(bus.link.status().state()).isEqualTo(SessionState.CONNECTING);
        bus.stream(0, 7, 9, update(7, 3, 4, 37));
        bus.stream(0, 7, 10, update(7, 3, 5, 38), position(38));
        bus.stream(0, 7, 11, update(7, 3, 6, 41), position(41));
        live();
        assertThat(bus.target.hops).containsExactly("ingest~1");
        assertThat(bus.target.take()).containsExactly("epoch 7", "feed 0 demo [0=quote]", "0/A q5 p38", "0/B q2 p40",
            "feed 0 LIVE null p40");
        assertThat(bus.link.status().state()).isEqualTo(SessionState.LIVE);
        positions(12, 42);
        // the others have 10, so theirs is missing
        assertThat(bus.counters.get(Counter.LINK_BUS_GAPS)).isOne();
    }

    @Test
    void shouldPublishInTheOrderOfPositionsOverAllPartitions() {
        live();
        bus.target.take();
        bus.stream(5, 7, 11, update(7, 4, 3, 43), position(43));
        bus.stream(0, 7, 11, update(7, 3, 6, 42), position(42));
        assertThat(bus.target.take()).as("others may have something before").isEmpty();
        for (int i = 1; i < 16; i++) {
            if (i != 5) {
                bus.stream(i, 7, 11, position(43));
            }
        }
        assertThat(bus.target.take()).as("partition 0 has said 42").containsExactly("0/A q6 p42");
        bus.stream(0, 7, 12, position(43));
        assertThat(bus.target.take()).containsExactly("0/B q3 p43");
    }

    @Test
    void shouldBeStaleWhenANumberIsMissingUntilSnapshotsHaveIt() {
        live();
        stay(STEADY_MS, 10);
        bus.target.take();
        bus.stream(0, 7, 12, update(7, 3, 8, 44), position(44));
        assertThat(bus.target.take()).containsExactly("feed 0 STALE upstream_gap p40");
        assertThat(bus.counters.get(Counter.LINK_BUS_GAPS)).isOne();
        assertThat(bus.link.status().detail()).isEqualTo("number 11 of penstock.demo.0 is missing");
        bus.clock.advance(0);
        assertThat(bus.takeAsked()).isEqualTo(ALL);

        bus.snapshot(0, 7, 12, 44, topic(3, "A"), image(7, 3, 8, 44));
        bus.stream(0, 7, 13, update(7, 3, 9, 45), position(45));
        assertThat(bus.target.take()).as("snapshots are missing").isEmpty();
        others(45);
        assertThat(bus.target.take()).containsExactly("0/A q8 p44", "0/A q9 p45", "feed 0 LIVE null p45",
            "0/B confirmed");
        assertThat(bus.target.numbers()).contains(entry("quote A", "q9 p45 LIVE"));
    }

    @Test
    void shouldSeeByASignOfLifeThatTheLastMessageIsMissing() {
        live();
        stay(STEADY_MS, 10);
        bus.target.take();
        bus.stream(3, 7, 11);
        assertThat(bus.target.take()).containsExactly("feed 0 STALE upstream_gap p40");
        assertThat(bus.link.status().detail()).isEqualTo("number 11 of penstock.demo.3 is missing");
    }

    @Test
    void shouldBeStaleWhenOnePartitionIsSilent() {
        live();
        stay(STEADY_MS, 10);
        bus.target.take();
        for (int ms = 50; ms < BusLink.STALE_MS; ms += 50) {
            bus.clock.advance(50);
            assertThat(bus.target.take()).as("after %d ms", ms).isEmpty();
            for (int i = 1; i < 16; i++) {
                bus.stream(i, 7, 10);
            }
        }
        bus.clock.advance(50);
        assertThat(bus.target.take()).containsExactly("feed 0 STALE upstream_silent p40");
        assertThat(bus.counters.get(Counter.FEED_SILENCES)).isOne();
        assertThat(bus.link.status().detail()).isEqualTo("nothing from penstock.demo.0 for 750 ms");
    }

    @Test
    void shouldAskAgainForASnapshotThatIsLostOrHasAHole() {
        bus.takeAsked();
        for (int i = 2; i < 16; i++) {
            bus.snapshot(i, 7, 10, 40);
        }
        // of partition 0 there is no answer, and of partition 1 the second of three pieces is lost
        bus.piece(1, 7, 10, 0, topic(3, "A"));
        bus.end(1, 7, 10, 2, 40);
        bus.clock.advance(AGAIN_MS - 1);
        assertThat(bus.takeAsked()).isEmpty();
        final long late = bus.attempt(0);
        bus.clock.advance(100);
        assertThat(bus.takeAsked()).containsExactly(0, 1);
        assertThat(bus.attempt(0)).isEqualTo(late + 1);
        assertThat(bus.link.status().isLive()).isFalse();
        bus.snapshot(0, 7, 10, 40);
        bus.snapshot(1, 7, 10, 40, topic(3, "A"), image(7, 3, 5, 38));
        assertThat(bus.link.status().isLive()).isTrue();
        assertThat(bus.target.numbers()).containsExactly(entry("quote A", "q5 p38 LIVE"));
        assertThat(bus.counters.get(Counter.LINK_BUS_SNAPSHOTS)).isEqualTo(16);
    }

    @Test
    void shouldNotTakeASnapshotThatIsOlderThanWhatItKept() {
        bus.takeAsked();
        // what is between 10 and 12 is in neither
        bus.stream(0, 7, 12, update(7, 3, 7, 43), position(43));
        live();
        assertThat(bus.link.status().isLive()).isFalse();
        bus.clock.advance(50);
        assertThat(bus.takeAsked()).containsExactly(0);
        bus.snapshot(0, 7, 11, 42, topic(3, "A"), image(7, 3, 6, 42));
        for (int i = 1; i < 16; i++) {
            bus.stream(i, 7, 11, position(42));
        }
        assertThat(bus.link.status().isLive()).isTrue();
        assertThat(bus.target.numbers()).contains(entry("quote A", "q6 p42 LIVE"));
        for (int i = 1; i < 16; i++) {
            bus.stream(i, 7, 12, position(43));
        }
        assertThat(bus.target.numbers()).contains(entry("quote A", "q7 p43 LIVE"));
    }

    @Test
    void shouldAskAgainWhenANumberIsMissingWhileSnapshotsAreAwaited() {
        bus.takeAsked();
        bus.stream(0, 7, 11, update(7, 3, 6, 41), position(41));
        bus.stream(0, 7, 13, update(7, 3, 8, 43), position(43));
        bus.clock.advance(50);
        assertThat(bus.takeAsked()).containsExactly(0);
        live();
        assertThat(bus.link.status().isLive()).as("10 and 13 do not fit").isFalse();
        bus.clock.advance(50);
        assertThat(bus.takeAsked()).containsExactly(0);
        bus.snapshot(0, 7, 13, 43, topic(3, "A"), image(7, 3, 8, 43));
        positions(11, 43);
        assertThat(bus.target.numbers()).contains(entry("quote A", "q8 p43 LIVE"));
        assertThat(bus.counters.get(Counter.LINK_BUS_GAPS)).as("nothing was live that was lost").isZero();
    }

    @Test
    void shouldNotShowTheEndOfACutBeforeTheValuesOfIt() {
        live();
        stay(STEADY_MS, 10);
        bus.stream(0, 7, 12);
        bus.clock.advance(0);
        bus.target.take();
        bus.snapshot(0, 7, 12, 50, topic(3, "A"), image(7, 3, 9, 50));
        others(45);
        assertThat(bus.target.take()).as("the image is newer than what others have said").isEmpty();
        assertThat(bus.link.status().state()).isEqualTo(SessionState.LOGGING_IN);
        for (int i = 1; i < 16; i++) {
            bus.stream(i, 7, 11, position(50));
        }
        assertThat(bus.target.take()).containsExactly("0/A q9 p50", "feed 0 LIVE null p50", "0/B confirmed");
    }

    @Test
    void shouldBeginAgainIfTheOthersDoNotComeToThePositionOfAnImage() {
        bus.snapshot(0, 7, 10, 50, topic(3, "A"), image(7, 3, 9, 50));
        for (int i = 1; i < 16; i++) {
            bus.snapshot(i, 7, 10, 45);
        }
        bus.takeAsked();
        stay(BusLink.BEGIN_MS + 250, 10);
        assertThat(bus.link.status().isLive()).isFalse();
        assertThat(bus.link.status().detail()).contains("was not reached within 5000 ms");
        bus.clock.advance(100);
        assertThat(bus.takeAsked()).isEqualTo(ALL);
    }

    @Test
    void shouldAskAtOnceOverANewConnection() {
        bus.takeAsked();
        bus.clock.advance(100);
        bus.isConnected = false;
        bus.clock.advance(AGAIN_MS);
        assertThat(bus.takeAsked()).isEmpty();
        bus.isConnected = true;
        bus.inbox.onConnected();
        assertThat(bus.takeAsked()).isEqualTo(ALL);
        assertThat(bus.counters.get(Counter.FEED_CONNECTS)).isEqualTo(2);
    }

    @Test
    void shouldSayWhatItWaitsFor() {
        bus.answer(BusMessage.Kind.NO_RELAY, "");
        bus.clock.advance(BusLink.STALE_MS + 50);
        assertThat(bus.link.status().detail()).isEqualTo("no relay answers on penstock.demo");
        bus.answer(BusMessage.Kind.REFUSAL, "{\"code\":\"rate_limited\"}");
        bus.clock.advance(50);
        assertThat(bus.link.status().detail()).isEqualTo("the relay sends no snapshot: {\"code\":\"rate_limited\"}");
        bus.problem = "the connection was lost; look at the servers in feed.url";
        bus.clock.advance(50);
        assertThat(bus.link.status().detail()).isEqualTo(bus.problem);
        bus.problem = null;
        live();
        assertThat(bus.link.status().detail()).isEqualTo("live from penstock.demo at nats://bus:4222");
    }

    @Test
    void shouldPublishNothingWhileItIsSuspendedNorWhenItIsStopped() {
        live();
        bus.target.take();
        bus.link.onSuspend("this relay has the lease");
        assertThat(bus.target.take()).containsExactly("feed 0 STALE standby p40");
        positions(11, 50);
        bus.clock.advance(5_000);
        assertThat(bus.takeAsked()).isEmpty();
        bus.link.onSuspend(null);
        bus.clock.advance(0);
        assertThat(bus.takeAsked()).isEqualTo(ALL);
        live();
        assertThat(bus.link.status().isLive()).isTrue();
        bus.link.onStop();
        assertThat(bus.isClosed).isTrue();
        assertThat(bus.link.status().stopped()).isDone();
        bus.target.take();
        positions(11, 60);
        bus.clock.advance(5_000);
        assertThat(bus.target.take()).isEmpty();
        assertThat(bus.clock.timerCount()).isZero();
    }
}
