package penstock.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.ring.FeedState;
import penstock.ring.TickHandler;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counters;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/** The state of a topic: its own, that of an incomplete image, and that of a lost feed. */
class TopicTableTest {
    private final Counters counters = new Counters("feed");
    private final List<Channel> channels = List.of(new Channel(0, "ticker", "merge", true));
    private final TopicTable table = new TopicTable(channels, 7, 0);
    private final TickRing ring = new TickRing(2, 256);
    private final TickPoller poller = ring.poller(counters);
    private final TickPublisher publisher =
        ring.publisher(counters, List.of(), channel -> channels.get(channel).newConflator());
    private final TickHandler handler = new TableFiller(table);

    @Test
    void shouldKnowATopicByItsStateWithoutAValue() {
        publisher.topicState(topic("A"), TopicState.CLOSED, "no such product", 7);
        turn();
        final Topic topic = table.channel(table.firstFeed(), null).topic("A");
        assertThat(topic.state()).isEqualTo(TopicState.CLOSED);
        assertThat(topic.reason()).isEqualTo("no such product");
        assertThat(topic.sinceUs()).isEqualTo(7);
        assertThat(topic.hasValue()).isFalse();
        assertThat(table.position()).isZero();
        assertThat(table.channel(table.firstFeed(), null).newest()).isNull();
        publish(0, UpdateKind.SNAPSHOT, "{\"a\":1}");
        assertThat(topic.state()).isEqualTo(TopicState.LIVE);
        assertThat(entry(topic)).isEqualTo("{\"s\":\"A\",\"q\":1,\"v\":{\"a\":1}}");
    }

    @Test
    void shouldShowTheWorseOfTopicStateAndFeedState() {
        topic("A");
        publish(0, UpdateKind.SNAPSHOT, "{\"a\":1}");
        publisher.feedState(0, FeedState.STALE, "upstream_disconnected", 1, -1);
        turn();
        final Topic topic = table.topic(0);
        assertThat(topic.state()).as("own state").isEqualTo(TopicState.LIVE);
        assertThat(entry(topic)).contains("\"st\":\"stale\"");
        publisher.topicState(0, TopicState.CLOSED, "gone", 2);
        turn();
        assertThat(entry(topic)).contains("\"st\":\"closed\"");
        publisher.feedState(0, FeedState.LIVE, null, 3, -1);
        publisher.topicState(0, TopicState.LIVE, null, 4);
        turn();
        assertThat(entry(topic)).as("a reported state makes no value newer").contains("\"st\":\"stale\"");
        publish(0, UpdateKind.DELTA, "{\"a\":2}");
        assertThat(entry(topic)).doesNotContain("\"st\"");
    }

    @Test
    void shouldStayStaleWhileTheImageIsIncomplete() {
        topic("A");
        publish(0, UpdateKind.SNAPSHOT, "{\"a\":1}");
        for (int i = 0; i < 40; i++) {
            publishOnly(0, UpdateKind.DELTA, "{\"field" + i + "\":" + i + "}");
        }
        turn();
        final Topic topic = table.topic(0);
        assertThat(topic.state()).isEqualTo(TopicState.STALE);
        publisher.topicState(0, TopicState.LIVE, null, 4);
        turn();
        assertThat(topic.state()).isEqualTo(TopicState.STALE);
        publish(0, UpdateKind.DELTA, "{\"a\":2}");
        assertThat(topic.state()).isEqualTo(TopicState.STALE);
        publish(0, UpdateKind.SNAPSHOT, "{\"a\":3}");
        assertThat(entry(topic)).endsWith(",\"v\":{\"a\":3}}").doesNotContain("\"st\"");
    }

    private int topic(final String symbol) {
        return publisher.addTopic(0, symbol.getBytes(StandardCharsets.UTF_8), 0, symbol.length());
    }

    private void publish(final int topic, final UpdateKind kind, final String object) {
        publishOnly(topic, kind, object);
        turn();
    }

    private void publishOnly(final int topic, final UpdateKind kind, final String object) {
        final byte[] bytes = object.getBytes(StandardCharsets.UTF_8);
        final UpdateSlice slices = new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length);
        slices.kind = kind;
        publisher.publish(topic, TickPublisher.NO_TIME, 7, slices);
    }

    private void turn() {
        do {
            publisher.flush();
            poller.poll(handler);
        } while (publisher.isBehind());
        poller.poll(handler);
    }

    private String entry(final Topic topic) {
        final MessageBuffer out = new MessageBuffer(64);
        topic.appendEntry(out, table.state(topic), View.FULL);
        return out.toString();
    }
}
