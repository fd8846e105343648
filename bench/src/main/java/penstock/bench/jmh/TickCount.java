package penstock.bench.jmh;

import penstock.ring.FeedState;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TopicState;

/** The reader of a ring that only moves on, and counts. Owned by the thread that polls. */
final class TickCount implements TickHandler {
    private long values;

    /** Values that came out of the ring. */
    long values() {
        return values;
    }

    @Override
    public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
            final int length, final long sinceQ) {
        // nothing is kept
    }

    @Override
    public void onValue(final Tick tick, final byte[] payloads) {
        values++;
    }

    @Override
    public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        // nothing is kept
    }

    @Override
    public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        // nothing is kept
    }
}
