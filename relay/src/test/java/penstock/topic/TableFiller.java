package penstock.topic;

import penstock.ring.FeedState;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TopicState;

/** Applies the events of the ring to a table, and does nothing else. */
record TableFiller(TopicTable table) implements TickHandler {
    @Override
    public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
            final int length, final long sinceQ) {
        table.onTopic(topic, channel, payloads, offset, length, sinceQ);
    }

    @Override
    public void onValue(final Tick tick, final byte[] payloads) {
        table.onValue(tick, payloads);
    }

    @Override
    public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        table.onTopicState(topic, state, reason, sinceUs, p);
    }

    @Override
    public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        table.onFeedState(feed, state, reason, sinceUs, retryInMs, p);
    }
}
