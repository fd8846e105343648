package penstock.feed;

import penstock.ring.FeedState;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.time.FeedClock;
import penstock.time.FeedTimers;
import penstock.upstream.LossReason;

/** Tells the subscribers how the feed stands, each state once, whatever happens during it. Owned by the feed thread. */
final class FeedStatusPublisher {
    private static final long FLUSH_AGAIN_MS = 1;
    private static final long NEVER = -1;

    private final TickPublisher publisher;
    private final FeedClock clock;
    private final FeedTimers timers;
    private final StaleTopicDetector silences;
    private FeedState told = FeedState.STARTING;

    FeedStatusPublisher(final TickPublisher publisher, final FeedClock clock, final FeedTimers timers,
            final StaleTopicDetector silences) {
        this.publisher = publisher;
        this.clock = clock;
        this.timers = timers;
        this.silences = silences;
    }

    /** With the update that follows. */
    void live() {
        told = FeedState.LIVE;
        publisher.feedState(FeedState.LIVE, null, clock.epochUs(), NEVER);
    }

    boolean isLive() {
        return told == FeedState.LIVE;
    }

    void stale(final LossReason reason, final long retryInMs) {
        tell(FeedState.STALE, reason, retryInMs);
    }

    void closed(final LossReason reason) {
        tell(FeedState.CLOSED, reason, NEVER);
    }

    /** The topic lacks something, or is not fed any more: its value is kept and must not be traded on. */
    void topicStale(final int topic, final String why) {
        silences.forget(topic);
        publisher.topicState(topic, TopicState.STALE, why, clock.epochUs());
    }

    /** The venue does not have the topic, or refuses it. */
    void topicClosed(final int topic, final String why) {
        silences.forget(topic);
        publisher.topicState(topic, TopicState.CLOSED, why, clock.epochUs());
    }

    /** The venue has it after all. */
    void topicLive(final int topic) {
        publisher.topicState(topic, TopicState.LIVE, null, clock.epochUs());
    }

    /** All that was read for now is published; what the full ring did not take, soon. */
    void flush() {
        publisher.flush();
        if (publisher.isBehind()) {
            timers.flushAgain(this::flush, FLUSH_AGAIN_MS);
        }
    }

    private void tell(final FeedState news, final LossReason reason, final long retryInMs) {
        if (told != news) {
            told = news;
            silences.forgetAll();
            publisher.feedState(news, reason.word(), clock.epochUs(), retryInMs);
        }
        flush();
    }
}
