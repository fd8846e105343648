package penstock.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Notes what comes out of a ring, one line each, and checks that positions and sequences only grow. */
final class RecordedTicks implements TickHandler {
    final List<String> seen = new ArrayList<>();
    private final Map<Integer, Long> lastQ = new HashMap<>();
    private long lastP;

    @Override
    public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
            final int length, final long sinceQ) {
        seen.add("topic " + topic + " " + channel + " "
            + new String(payloads, offset, length, StandardCharsets.UTF_8));
    }

    @Override
    public void onValue(final Tick tick, final byte[] payloads) {
        assertThat(tick.p()).isGreaterThan(lastP);
        assertThat(tick.q()).isGreaterThan(lastQ.getOrDefault(tick.topic(), 0L));
        lastP = tick.p();
        lastQ.put(tick.topic(), tick.q());
        seen.add(tick.topic() + " q" + tick.q() + " "
            + new String(payloads, tick.offset() + tick.valueOffset(), tick.valueLength(), StandardCharsets.UTF_8)
            + (tick.missed() == 0 ? "" : " missed " + tick.missed())
            + (tick.kind() == UpdateKind.FULL ? "" : " " + tick.kind()));
    }

    @Override
    public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        assertThat(p).isGreaterThanOrEqualTo(lastP);
        seen.add(topic + " " + state + " " + reason + " since " + sinceUs + " p" + p);
    }

    @Override
    public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        seen.add(state + " " + reason);
    }

    /** Adds a topic of channel 3. */
    static int topic(final TickPublisher publisher, final String symbol) {
        final byte[] bytes = symbol.getBytes(StandardCharsets.UTF_8);
        return publisher.addTopic(3, bytes, 0, bytes.length);
    }

    /** Publishes a complete value. */
    static void publish(final TickPublisher publisher, final int topic, final String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        publisher.publish(topic, TickPublisher.NO_TIME, 7,
            new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length));
    }
}
