package penstock.link.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static penstock.link.bus.PlayedBus.image;
import static penstock.link.bus.PlayedBus.position;
import static penstock.link.bus.PlayedBus.text;
import static penstock.link.bus.PlayedBus.topic;
import static penstock.link.bus.PlayedBus.update;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import penstock.nats.BusHeaders;
import penstock.telemetry.Counter;
import penstock.testkit.ManualClock;
import penstock.time.FeedClock;

/** What comes over a bus is bounded on the sum wherever it waits, and what is not the protocol ends nothing. */
class BusBoundsTest {
    private static final int MAX_BYTES = 20_000;

    private final PlayedBus bus = new PlayedBus(MAX_BYTES);

    private void live() {
        bus.snapshot(0, 7, 10, 40, topic(3, "A"), image(7, 3, 5, 38));
        for (int i = 1; i < bus.partitions; i++) {
            bus.snapshot(i, 7, 10, 40);
        }
        assertThat(bus.link.status().isLive()).isTrue();
        bus.takeAsked();
        bus.target.take();
    }

    @Test
    void shouldBeginAgainWhenWhatWaitsForSnapshotsIsTooMuchOverAllPartitions() {
        bus.takeAsked();
        int number = 0;
        while (bus.counters.get(Counter.LINK_OVERFLOWS) == 0) {
            bus.stream(number % 16, 7, 10 + number / 16, position(number));
            number++;
        }
        assertThat(number).as("messages of some 160 bytes with what the objects take").isBetween(MAX_BYTES / 180,
            MAX_BYTES / 150);
        assertThat(bus.link.status().detail()).isEqualTo("more than 20000 bytes wait for snapshots");
        bus.awaitAsked();
        live();
        assertThat(bus.counters.get(Counter.LINK_OVERFLOWS)).isOne();
    }

    @Test
    void shouldCountThePiecesOfSnapshotsAmongWhatWaits() {
        for (int piece = 0; bus.counters.get(Counter.LINK_OVERFLOWS) == 0; piece++) {
            bus.piece(piece % 16, 7, 10, piece / 16, text("x".repeat(100)));
        }
        assertThat(bus.link.status().isLive()).isFalse();
    }

    @Test
    void shouldBeginAgainWhenOnePartitionDoesNotSayItsPosition() {
        live();
        for (long q = 6; bus.counters.get(Counter.LINK_OVERFLOWS) == 0; q++) {
            bus.stream(0, 7, q + 5, update(7, 3, q, 40 + q), position(40 + q));
        }
        assertThat(bus.target.take()).as("all that waits is dropped, and comes again").containsExactly(
            "feed 0 STALE upstream_protocol_error p40");
        bus.awaitAsked();
        live();
    }

    @Test
    void shouldDropTheRestOfAMessageThatIsTooLong() {
        live();
        long seq = 10;
        while (bus.counters.get(Counter.FEED_PROTOCOL_ERRORS) == 0) {
            bus.unfinished(0, 7, ++seq, new byte[1_000]);
        }
        assertThat(seq).isEqualTo(10 + MAX_BYTES / 1_000 + 1);
        assertThat(bus.link.status().detail()).isEqualTo("a message of the bus has more than 20000 bytes");
        bus.awaitAsked();
        live();
    }

    @Test
    void shouldBeginAgainBehindWhatIsNotTheProtocol() {
        int errors = 0;
        for (final byte[] wrong : List.of(new byte[] {1, 2}, new byte[] {3, 0, 0, 0, 0}, text("{"), text("{\"type\":7}"),
                update(7, 9, 6, 41), update(8, 3, 6, 41), PlayedBus.binary(new byte[] {1, 2, 3}),
                new byte[] {1, 0, 0, 0, (byte) 0x80})) {
            live();
            bus.stream(0, 7, 11, wrong);
            assertThat(bus.link.status().isLive()).isFalse();
            assertThat(bus.counters.get(Counter.FEED_PROTOCOL_ERRORS)).isEqualTo(++errors);
            assertThat(bus.target.take()).containsExactly("feed 0 STALE upstream_protocol_error p40");
            bus.awaitAsked();
        }
        live();
    }

    @Test
    void shouldNotTakeASnapshotThatDoesNotSayWhoseItIs() {
        bus.hops = "";
        for (int i = 0; i < bus.partitions; i++) {
            bus.snapshot(i, 7, 10, 40);
        }
        assertThat(bus.link.status().detail()).isEqualTo("it does not know links: it needs the same release as this "
            + "relay");
    }

    @Test
    void shouldDropWhatTheFeedThreadDoesNotTakeInTime() {
        final Queue<Runnable> later = new ArrayDeque<>();
        final ManualClock time = new ManualClock();
        final FeedClock clock = new FeedClock() {
            @Override
            public long nowNs() {
                return time.nowNs();
            }

            @Override
            public long epochUs() {
                return time.epochUs();
            }

            @Override
            public Timer executeAfter(final Runnable task, final long delayMs) {
                return time.executeAfter(task, delayMs);
            }

            @Override
            public void execute(final Runnable task) {
                later.add(task);
            }
        };
        final BusInbox inbox = new BusInbox(new BusSubjects(List.of("a"), "_INBOX.own"), clock);
        inbox.wake(inbox::onLook);
        final BusMessage message = new BusMessage(BusMessage.Kind.STREAM, 0, 0, new BusHeaders.Numbers("r", 7, 1, -1,
            false, false), new byte[1 << 20], 0);
        for (int i = 0; i < 40; i++) {
            inbox.add(message);
        }
        assertThat(later).as("it is woken once").hasSize(1);
        assertThat(inbox.bytes()).isBetween(BusInbox.MAX_BYTES - message.bytes(), BusInbox.MAX_BYTES);
        assertThat(inbox.takeDropped()).isEqualTo(40 - BusInbox.MAX_BYTES / message.bytes()).isPositive();
        while (inbox.take() != null) {
            later.poll();
        }
        assertThat(inbox.bytes()).isZero();
        inbox.add(message);
        assertThat(inbox.take()).isSameAs(message);
        assertThat(inbox.takeDropped()).isZero();
    }
}
