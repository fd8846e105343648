package penstock.link.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static penstock.link.bus.PlayedBus.image;
import static penstock.link.bus.PlayedBus.position;
import static penstock.link.bus.PlayedBus.topic;
import static penstock.link.bus.PlayedBus.update;

import org.junit.jupiter.api.Test;
import penstock.link.MirrorTarget;
import penstock.telemetry.Counter;
import penstock.testkit.RecordedLog;

/** Which of the relays that publish on a bus is followed, and which one is refused. */
class BusPublishersTest {
    private static final String DEMO = PlayedBus.SUBJECT;

    private final PlayedBus bus = new PlayedBus(1 << 20);
    private final MirrorTarget target = bus.target;

    /** The relays in a row, the one that publishes the last. */
    private void publish(final String... relays) {
        bus.hops = '"' + String.join("\",\"", relays) + '"';
    }

    /** Topic A in partition 0, and all that was published up to number {@code seq} and position {@code p}. */
    private void snapshots(final long epoch, final long seq, final long q, final long p) {
        bus.snapshot(0, epoch, seq, p, topic(3, "A"), image(epoch, 3, q, p));
        for (int i = 1; i < bus.partitions; i++) {
            bus.snapshot(i, epoch, seq, p);
        }
    }

    private String detail() {
        return bus.link.status().detail();
    }

    @Test
    void shouldFollowTheHigherEpochAndNeverALowerOneAgain() {
        snapshots(7, 10, 5, 40);
        target.take();
        publish("ingest~2");
        bus.stream(0, 8, 1, position(1));
        assertThat(target.take()).containsExactly("feed 0 STALE upstream_disconnected p40");
        assertThat(detail()).isEqualTo("another relay publishes, ingest~2 with epoch 8");
        bus.awaitAsked();

        publish("ingest~1");
        for (int i = 0; i < bus.partitions; i++) {
            bus.stream(i, 7, 11, position(99));
        }
        snapshots(7, 11, 9, 99);
        assertThat(target.take()).as("the one that was replaced").isEmpty();

        publish("ingest~2");
        snapshots(8, 1, 2, 3);
        assertThat(target.take()).containsExactly("epoch 8", "feed 0 demo [0=quote]", "0/A q2 p3",
            "feed 0 LIVE null p3");
        publish("ingest~1");
        bus.stream(0, 7, 12, update(7, 3, 10, 100), position(100));
        bus.clock.advance(250);
        assertThat(target.take()).isEmpty();
        assertThat(bus.link.status().isLive()).isTrue();
        assertThat(target.numbers()).containsExactly(entry("quote A", "q2 p3 LIVE"));
    }

    @Test
    void shouldSayThatOnlyAnOlderRelayPublishes() {
        snapshots(8, 10, 5, 40);
        publish("ingest~1");
        for (int i = 0; i < 40; i++) {
            bus.clock.advance(50);
            bus.alive(7, 3);
        }
        assertThat(detail()).isEqualTo("a relay publishes with epoch 7, which is older than 8 of the one that was "
            + "followed");
        assertThat(target.numbers()).containsExactly(entry("quote A", "q5 p40 STALE"));
    }

    @Test
    void shouldBeginAgainBehindARelayThatHasRestartedWithTheSameEpoch() {
        publish("ingest~1", "edge~2");
        snapshots(7, 10, 5, 40);
        target.take();
        // it is behind the same ingest, so the epoch is the same; its numbers begin anywhere
        publish("ingest~1", "edge~3");
        bus.stream(0, 7, 2, update(7, 3, 7, 44), position(44));
        assertThat(target.take()).containsExactly("feed 0 STALE upstream_disconnected p40");
        bus.awaitAsked();
        snapshots(7, 2, 7, 44);
        assertThat(target.take()).containsExactly("0/A q7 p44", "feed 0 LIVE null p44");
        assertThat(target.hops).containsExactly("ingest~1", "edge~3");
        assertThat(bus.counters.get(Counter.LINK_REFUSALS)).isZero();
    }

    @Test
    void shouldRefuseTwoRelaysThatPublishTheSameUntilOneHasEnded() {
        publish("ingest~1", "edge~2");
        snapshots(7, 10, 5, 40);
        try (RecordedLog log = new RecordedLog("penstock.link")) {
            for (int i = 0; i < 200; i++) {
                publish("ingest~1", "edge~" + (2 + i % 2));
                bus.alive(7, 10);
                snapshots(7, 10, 5, 40);
                bus.clock.advance(50);
            }
            assertThat(bus.link.status().isLive()).isFalse();
            assertThat(detail()).matches("two relays publish on penstock.demo, edge~[23] and edge~[23]; "
                + "an edge follows one: give the other one another bus.nats.subject");
            assertThat(log.lines()).filteredOn(line -> line.contains("two relays publish")).hasSizeLessThan(20);
            assertThat(bus.counters.get(Counter.LINK_REFUSALS)).isBetween(3L, 20L);
        }
        publish("ingest~1", "edge~2");
        for (int i = 0; i < 100 && !bus.link.status().isLive(); i++) {
            bus.clock.advance(50);
            bus.alive(7, 10);
            snapshots(7, 10, 5, 40);
        }
        assertThat(bus.link.status().isLive()).isTrue();
    }

    @Test
    void shouldRefuseALoopAndSayWhatToDo() {
        publish("ingest~1", PlayedBus.OWN);
        bus.alive(7, 10);
        assertThat(detail()).isEqualTo("a loop: this relay itself publishes on " + DEMO
            + "; give bus.nats.subject another value");
        assertThat(target.take()).isEmpty();

        bus.awaitAsked();
        publish("ingest~1", PlayedBus.OWN, "edge~2");
        snapshots(7, 10, 5, 40);
        assertThat(detail()).startsWith("a loop: its data comes from this relay, by ingest~1, edge~1, edge~2; let "
            + "feed.url lead towards the venue");
        assertThat(target.take()).isEmpty();
        assertThat(bus.counters.get(Counter.LINK_REFUSALS)).isEqualTo(2);
    }

    @Test
    void shouldRefuseItsOwnMessagesAmongThoseOfTheIngest() {
        snapshots(7, 10, 5, 40);
        target.take();
        publish("ingest~1", PlayedBus.OWN);
        bus.stream(0, 7, 3, position(40));
        assertThat(target.take()).containsExactly("feed 0 STALE upstream_error p40");
        assertThat(detail()).startsWith("a loop: this relay itself publishes on penstock.demo");
    }

    @Test
    void shouldRefuseTooManyRelaysInARow() {
        publish("a", "b", "c", "d");
        snapshots(7, 10, 5, 40);
        assertThat(detail()).isEqualTo("with this relay there would be 5 in a row, and 4 may be: a, b, c, d");
        assertThat(bus.link.status().isLive()).isFalse();
        assertThat(target.take()).isEmpty();
        bus.awaitAsked();
        publish("a", "b", "c");
        bus.alive(7, 10);
        bus.awaitAsked();
        snapshots(7, 10, 5, 40);
        assertThat(bus.link.status().isLive()).isTrue();
    }

    @Test
    void shouldGoOnBehindARelayThatIsBehindOthersSinceUnlessThatIsALoop() {
        publish("ingest~1", "edge~2");
        snapshots(7, 10, 5, 40);
        target.take();
        publish("ingest~1", "edge~3", "edge~2");
        bus.stream(0, 7, 11, update(7, 3, 6, 41), position(41));
        for (int i = 1; i < bus.partitions; i++) {
            bus.stream(i, 7, 11, position(41));
        }
        assertThat(target.take()).as("without a snapshot").containsExactly("0/A q6 p41");
        assertThat(target.hops).containsExactly("ingest~1", "edge~3", "edge~2");
        publish("ingest~1", PlayedBus.OWN, "edge~2");
        bus.stream(0, 7, 12, position(42));
        assertThat(target.take()).containsExactly("feed 0 STALE upstream_error p41");
        assertThat(detail()).startsWith("a loop: its data comes from this relay");
        bus.awaitAsked();
        publish("ingest~1", "edge~3", "edge~2");
        snapshots(7, 12, 6, 42);
        assertThat(bus.link.status().isLive()).isTrue();
    }

    @Test
    void shouldHaveTheFeedsOfOneRelayOnly() {
        final PlayedBus two = new PlayedBus(1 << 20, DEMO, "penstock.other");
        for (int i = 0; i < 10 * two.partitions; i++) {
            two.hops = i % 32 < 16 ? "\"ingest~1\"" : "\"ingest~2\"";
            two.stream(i % 32, 7, 10);
            two.snapshot(i % 32, 7, 10, 40);
            two.clock.advance(50);
        }
        assertThat(two.link.status().detail()).matches("two relays publish on penstock.demo, penstock.other, "
            + "ingest~[12] and ingest~[12]; an edge follows one: give the other one another bus.nats.subject");
        assertThat(two.target.take()).isEmpty();
    }

    @Test
    void shouldHaveSeveralFeedsOfARelay() {
        final PlayedBus two = new PlayedBus(1 << 20, DEMO, "penstock.other");
        for (int i = 0; i < two.partitions; i++) {
            if (i % 16 == 1) {
                two.snapshot(i, 7, 10, 40, topic(3, "A"), image(7, 3, i, 30 + i / 16));
            } else {
                two.snapshot(i, 7, 10, 40);
            }
        }
        assertThat(two.target.take()).containsExactly("epoch 7", "feed 0 demo [0=quote]", "feed 1 other [1=quote]",
            "0/A q1 p30", "1/A q17 p31", "feed 0 LIVE null p40", "feed 1 LIVE null p40");
    }
}
