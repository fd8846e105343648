package penstock.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.telemetry.Counters;

/** Updates that another relay has numbered go through the ring with its numbers. */
class RelayedTicksTest {
    private final List<String> seen = new ArrayList<>();
    private final Counters counters = new Counters("feed");
    private final TickRing ring = new TickRing(16, 1 << 16);
    private final TickPoller poller = ring.poller(counters);
    private final TickPublisher publisher = ring.publisher(counters, List.of(), channel ->
        channel == 1 ? Conflator.lastEvent() : Conflator.lastValue());

    private final class Reader implements TickHandler {
        @Override
        public void onEpoch(final RelayedEpoch begun) {
            seen.add("epoch " + begun.epoch() + " of " + begun.feeds().get(0).name());
        }

        @Override
        public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
                final int length, final long sinceQ) {
            seen.add("topic " + topic + " since q" + sinceQ);
        }

        @Override
        public void onValue(final Tick tick, final byte[] payloads) {
            seen.add(tick.topic() + " q" + tick.q() + " p" + tick.p() + " missed " + tick.missed());
        }

        @Override
        public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
                final long p) {
            seen.add(topic + " " + state + " at p" + p);
        }

        @Override
        public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
                final long retryInMs, final long p) {
            seen.add("feed " + feed + " " + state + " at p" + p);
        }
    }

    @Test
    void shouldKeepTheNumbersOfTheOtherRelay() {
        begin(41);
        final int quote = topic(0, "EURUSD");
        final int trade = topic(1, "BTCUSD");
        publish(quote, 811, 5_000, 0);
        publish(trade, 17, 5_004, 2);
        publisher.topicState(quote, TopicState.STALE, "silent", 0, 5_009);
        publish(quote, 815, 5_010, 0);
        publisher.feedState(0, FeedState.STALE, "upstream_silent", 0, -1, 5_020);
        assertThat(take()).containsExactly("epoch 41 of demo", "topic 0 since q810", "0 q811 p5000 missed 0",
            "topic 1 since q14", "1 q17 p5004 missed 2", "0 STALE at p5009", "0 q815 p5010 missed 0",
            "feed 0 STALE at p5020");
    }

    @Test
    void shouldKeepTheOrderOfAllFeedsWhileTheRingIsFull() {
        begin(41);
        take();
        final int quote = topic(0, "EURUSD");
        final int trade = topic(1, "BTCUSD");
        final int other = topic(2, "XAUUSD");
        for (int i = 1; i <= 20; i++) {
            publish(quote, i, 3 * i, 0);
            publish(trade, i, 3 * i + 1, 0);
            publish(other, i, 3 * i + 2, 0);
        }
        publisher.topicState(other, TopicState.CLOSED, "gone", 0, 62);
        final List<String> all = new ArrayList<>(take());
        while (publisher.isBehind()) {
            all.addAll(take());
        }
        assertThat(all).contains("0 q20 p60 missed 0", "2 q20 p62 missed 0").endsWith("2 CLOSED at p62");
        // what could not be conflated is missing, and counted
        assertThat(all.stream().filter(line -> line.startsWith("1 q"))
            .mapToInt(line -> 1 + Integer.parseInt(line.replaceAll(".*missed ", ""))).sum()).isEqualTo(20);
        assertThat(all.stream().filter(line -> line.matches("\\d q.*"))
            .map(line -> Long.parseLong(line.replaceAll(".* p(\\d+) .*", "$1")))).isSorted();
    }

    @Test
    void shouldForgetEverythingWhenAnotherEpochBegins() {
        begin(41);
        publish(topic(0, "EURUSD"), 811, 5_000, 0);
        for (int i = 0; i < 20; i++) {
            publisher.topicState(0, TopicState.STALE, "n" + i, 0, 5_000);
            publish(0, 812 + i, 5_001 + i, 0);
        }
        begin(42);
        assertThat(topic(0, "GBPUSD")).isZero();
        publish(0, 1, 1, 0);
        final List<String> all = new ArrayList<>(take());
        while (publisher.isBehind()) {
            all.addAll(take());
        }
        assertThat(all.subList(all.indexOf("epoch 42 of demo"), all.size()))
            .containsExactly("epoch 42 of demo", "topic 0 since q0", "0 q1 p1 missed 0");
    }

    private void begin(final long epoch) {
        publisher.relay(new RelayedEpoch(epoch, true, List.of(
            new FeedIntroduction(0, 0, "demo", List.of(
                new FeedIntroduction.Channel(0, "quote", ConflationClass.LAST_VALUE, true),
                new FeedIntroduction.Channel(1, "trade", ConflationClass.EVENT, false)), 0, 0),
            new FeedIntroduction(1, 0, "metals", List.of(
                new FeedIntroduction.Channel(2, "quote", ConflationClass.LAST_VALUE, true)), 0, 0))));
    }

    private int topic(final int channel, final String symbol) {
        final byte[] bytes = symbol.getBytes(StandardCharsets.UTF_8);
        return publisher.addTopic(channel, bytes, 0, bytes.length);
    }

    private void publish(final int topic, final long q, final long p, final long missed) {
        publisher.publish(topic, q, p, missed, TickPublisher.NO_TIME, 7,
            new UpdateSlice().set(new byte[] {'1'}, 0, 1, 0, 1));
    }

    private List<String> take() {
        publisher.flush();
        seen.clear();
        poller.poll(new Reader());
        return List.copyOf(seen);
    }
}
