package penstock.feed;

import java.nio.charset.StandardCharsets;
import penstock.feed.tick.StaleTopicDetector;
import penstock.ring.FeedState;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.time.FeedClock;
import penstock.time.FeedTimers;
import penstock.upstream.LossReason;

/** Publishes the state of a feed and of its topics, each change of the feed once. Owned by the feed thread. */
final class FeedStatusPublisher {
    private static final long FLUSH_AGAIN_MS = 1;
    private static final long NEVER = -1;

    private final FeedPlace place;
    private final TickPublisher publisher;
    private final FeedClock clock;
    private final FeedTimers timers;
    private final StaleTopicDetector staleTopics;
    private FeedState published = FeedState.STARTING;
    private LossReason reasonPublished;

    FeedStatusPublisher(final FeedPlace place, final TickPublisher publisher, final FeedClock clock,
            final FeedTimers timers, final StaleTopicDetector staleTopics) {
        this.place = place;
        this.publisher = publisher;
        this.clock = clock;
        this.timers = timers;
        this.staleTopics = staleTopics;
    }

    /** Not flushed: the update that made the feed live follows. */
    void live() {
        published = FeedState.LIVE;
        reasonPublished = null;
        publisher.feedState(place.number(), FeedState.LIVE, null, clock.epochUs(), NEVER);
    }

    boolean isLive() {
        return published == FeedState.LIVE;
    }

    void stale(final LossReason reason, final long retryInMs) {
        publish(FeedState.STALE, reason, retryInMs);
    }

    void closed(final LossReason reason) {
        publish(FeedState.CLOSED, reason, NEVER);
    }

    /** Updates of the topic are missing, or have no source: its value is kept and must not be traded on. */
    void topicStale(final int topic, final String why) {
        staleTopics.forget(topic);
        publisher.topicState(topic, TopicState.STALE, why, clock.epochUs());
    }

    /** The venue is asked for the topic again; what the relay has of it is old. */
    void topicWaiting(final int topic) {
        topicStale(topic, "waiting_for_upstream");
    }

    /** The venue does not have the topic, or rejected it. */
    void topicClosed(final int topic, final String why) {
        staleTopics.forget(topic);
        publisher.topicState(topic, TopicState.CLOSED, why, clock.epochUs());
    }

    /** The topic is gone. */
    void forget(final int topic) {
        staleTopics.forget(topic);
    }

    /** A name cannot be served. */
    void nameRefused(final int channel, final String name, final String why) {
        publisher.refuse(place.toRelay(channel), name.getBytes(StandardCharsets.UTF_8), why, clock.epochUs());
    }

    /** The venue accepted the topic after all. */
    void topicLive(final int topic) {
        publisher.topicState(topic, TopicState.LIVE, null, clock.epochUs());
    }

    /** The end of a batch. If the ring is full the rest follows soon. */
    void flush() {
        publisher.flush();
        if (publisher.isBehind()) {
            timers.flushAgain(this::flush, FLUSH_AGAIN_MS);
        }
    }

    private void publish(final FeedState state, final LossReason reason, final long retryInMs) {
        final boolean isContested = reason == LossReason.CONTESTED && reasonPublished != reason;
        final boolean isTurn = (reason == LossReason.STANDBY) != (reasonPublished == LossReason.STANDBY);
        if (published != state || isContested || isTurn) {
            published = state;
            reasonPublished = reason;
            staleTopics.forgetAll();
            publisher.feedState(place.number(), state, reason.word(), clock.epochUs(), retryInMs);
        }
        flush();
    }
}
