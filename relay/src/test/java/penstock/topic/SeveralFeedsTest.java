package penstock.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.memory.MemoryShare;
import penstock.ring.Conflator;
import penstock.ring.FeedState;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counters;

/** Two feeds of one table: they share numbers and positions, and each has its own state. */
class SeveralFeedsTest {
    private final Counters counters = new Counters("feed");
    private final Feed first = new Feed(0, "first", 0);
    private final Feed second = new Feed(1, "second", 0);
    private final TopicTable table = new TopicTable(List.of(channel(first, 0, "quote"), channel(second, 1, "trade"),
        channel(second, 2, "quote")), 7, 0);
    private final TickRing ring = new TickRing(64, 1 << 16);
    private final TickPoller poller = ring.poller(counters);
    private final TickPublisher publisher = ring.publisher(counters, List.of(),
        channel -> Conflator.lastValue(), new int[] {0, 0, 1});

    @BeforeEach
    void publishOfBoth() {
        publish(0, topic(0));
        publish(1, topic(2));
    }

    @Test
    void shouldHaveChannelsOfTheSameNameInEachFeed() {
        assertThat(table.channel(first, "quote")).isSameAs(table.channels().get(0));
        assertThat(table.channel(second, null)).isSameAs(table.channels().get(2))
            .isSameAs(table.channel(second, "quote"));
        assertThat(table.channel(first, "trade")).isNull();
        assertThat(table.topic(1).channel().feed()).isSameAs(second);
        assertThat(table.position()).as("positions are over all feeds").isEqualTo(2);
    }

    @Test
    void shouldMakeOnlyTheTopicsOfALostFeedStale() {
        state(1, FeedState.STALE);
        assertThat(table.state(table.topic(0))).isEqualTo(TopicState.LIVE);
        assertThat(table.state(table.topic(1))).isEqualTo(TopicState.STALE);
        state(1, FeedState.LIVE);
        publish(0, 0);
        assertThat(table.state(table.topic(1))).as("an update of the other feed brings nothing back")
            .isEqualTo(TopicState.STALE);
        publish(1, 1);
        assertThat(table.state(table.topic(1))).isEqualTo(TopicState.LIVE);
    }

    @Test
    void shouldCountTheChangesOfAllFeedsInOneRow() {
        state(0, FeedState.LIVE);
        state(1, FeedState.STALE);
        state(0, FeedState.STALE);
        assertThat(first.status().version()).isEqualTo(3);
        assertThat(second.status().version()).isEqualTo(2);
        assertThat(second.loss()).isSameAs(second.status());
    }

    @Test
    void shouldBeReadyByFeed() {
        state(0, FeedState.LIVE);
        assertThat(first.isReady()).isTrue();
        assertThat(second.isReady()).isFalse();
        final Feed without = new Feed(0, "without", 0);
        without.onState(new FeedStatus(FeedState.LIVE, null, 1, -1, 1), 0);
        assertThat(without.isReady()).as("live, and without data").isFalse();
        without.serveOnDemand(5);
        assertThat(without.isReady()).as("the first subscription precedes the data").isTrue();
    }

    private static Channel channel(final Feed feed, final int index, final String name) {
        return new Channel(feed, index, name, "last-value", name.equals("quote"), MemoryShare.unlimited());
    }

    private int topic(final int channel) {
        return publisher.addTopic(channel, new byte[] {'A'}, 0, 1);
    }

    private void publish(final int expected, final int topic) {
        assertThat(topic).isEqualTo(expected);
        final byte[] value = "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
        publisher.publish(topic, TickPublisher.NO_TIME, 1, new UpdateSlice().set(value, 0, value.length, 0,
            value.length));
        turn();
    }

    private void state(final int feed, final FeedState state) {
        publisher.feedState(feed, state, "test", 1, -1);
        turn();
    }

    private void turn() {
        publisher.flush();
        poller.poll(new TableFiller(table));
    }
}
