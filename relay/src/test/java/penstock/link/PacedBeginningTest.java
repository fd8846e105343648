package penstock.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counters;
import penstock.testkit.ManualClock;

/** What a link begins with waits for room in the ring, here of 1,024 slots, and takes effect as a whole. */
class PacedBeginningTest {
    private static final int TOPICS = 2_000;

    private final ManualClock clock = new ManualClock();
    private final MirrorTarget target = new MirrorTarget();
    private PlayedRelay relay;
    private LinkConnection link;

    /** All has come, and the shard does not read. */
    @BeforeEach
    void begin() {
        link = new LinkConnection(LinkPlan.of(List.of("ws://a:1"), "edge~1", TOPICS), (url, listener) -> {
            relay = new PlayedRelay(clock, url, listener);
            return relay;
        }, clock, new Random(1), target, new Counters("feed"));
        link.onStart();
        relay.open().welcome(7, "\"ingest~1\"");
        target.isShardStill = true;
        relay.text("{\"type\":\"topics\",\"sub\":\"0\",\"topics\":[" + IntStream.rangeClosed(1, TOPICS)
            .mapToObj(i -> "[" + i + ",\"S" + i + "\",0]").collect(Collectors.joining(",")) + "]}");
        for (int i = TOPICS; i > 0; i--) {
            relay.binary(Envelopes.update(7, 0, i, 1, i));
        }
        relay.images(7, false, TOPICS);
    }

    @Test
    void shouldPublishAsMuchAsTheRingHasRoomFor() {
        assertThat(target.positions).hasSizeBetween(500, 600);
        clock.advance(50);
        assertThat(target.positions).as("nothing is read").hasSizeBetween(500, 600);
        assertThat(link.status().state()).isEqualTo(SessionState.LOGGING_IN);
        assertThat(target.take()).noneMatch(each -> each.contains("LIVE"));

        target.isShardStill = false;
        clock.advance(10);
        assertAll();
        assertThat(target.take()).last().isEqualTo("feed 0 LIVE null p" + TOPICS);
        assertThat(link.status().state()).isEqualTo(SessionState.LIVE);
    }

    @Test
    void shouldPublishAllBeforeALossMakesItStale() {
        relay.lose(1006);
        assertAll();
        assertThat(target.take()).last().isEqualTo("feed 0 LIVE null p" + TOPICS);
        assertThat(link.status().state()).isEqualTo(SessionState.BACKING_OFF);
        clock.advance(LinkConnection.STALE_MS);
        assertThat(target.take()).last().asString().startsWith("feed 0 STALE");
        target.isShardStill = false;
        clock.advance(10);
        assertThat(target.edge.numbers()).hasSize(TOPICS).containsEntry("quote S1", "q1 p1 STALE")
            .containsEntry("quote S" + TOPICS, "q1 p" + TOPICS + " STALE");
    }

    @Test
    void shouldPublishNothingMoreOnceItStops() {
        link.onStop();
        relay.lose(1000);
        target.isShardStill = false;
        clock.advance(1_000);
        assertThat(target.positions).hasSizeBetween(500, 600);
        assertThat(link.status().stopped()).isDone();
    }

    private void assertAll() {
        assertThat(target.positions).isEqualTo(LongStream.rangeClosed(1, TOPICS).boxed().toList());
    }
}
