package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import penstock.ring.FeedState;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TopicState;

/** Records events with their sequence, and how many are missing: {@code 7 as q 5 after 3}. One thread. */
final class RecordedEvents implements TickHandler {
    final List<String> seen = new ArrayList<>();

    @Override
    public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
            final int length, final long sinceQ) {
        assertThat(length).isEqualTo(1);
    }

    @Override
    public void onValue(final Tick tick, final byte[] payloads) {
        seen.add(new String(payloads, tick.offset() + tick.valueOffset(), tick.valueLength(),
            StandardCharsets.US_ASCII) + " as q " + tick.q() + (tick.missed() > 0 ? " after " + tick.missed() : ""));
    }

    @Override
    public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        seen.add(topic + " " + state + " " + reason);
    }

    @Override
    public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        assertThat(state).isNotEqualTo(FeedState.CLOSED);
    }
}
