package penstock.fanout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import penstock.ring.FeedState;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;

/**
 * The feed's side of the model: publishes random values of all classes, and listens at the ring for what comes through
 * it.
 */
final class ReferenceFeed implements TickHandler {
    private final TickPublisher publisher;
    private final TickPoller observer;
    private final Map<String, ReferenceTopic> topics = new LinkedHashMap<>();
    private final List<ReferenceTopic> byId = new ArrayList<>();
    /** The newest position that came through the ring. */
    long carriedP;
    /** Where the state of all changed last. */
    long stateP = -1;

    ReferenceFeed(final TickPublisher publisher, final TickPoller observer) {
        this.publisher = publisher;
        this.observer = observer;
    }

    ReferenceTopic topic(final String symbol) {
        return topics.get(symbol);
    }

    long position() {
        return publisher.position();
    }

    boolean isBehind() {
        return publisher.isBehind();
    }

    void tick(final String symbol, final Random random, final long nowNs) {
        final ReferenceTopic topic = ensure(symbol);
        final UpdateSlice slices = new UpdateSlice();
        topic.values.update(random, slices);
        topic.state = TopicState.LIVE;
        publisher.publish(topic.id, TickPublisher.NO_TIME, nowNs, slices);
    }

    void state(final String symbol, final TopicState state) {
        final ReferenceTopic topic = ensure(symbol);
        topic.state = state;
        publisher.topicState(topic.id, state, "silent", 3);
    }

    void state(final FeedState state) {
        publisher.feedState(0, state, "test", 1, -1);
    }

    void flush() {
        observer.poll(this);
        publisher.flush();
        observer.poll(this);
    }

    private ReferenceTopic ensure(final String symbol) {
        return topics.computeIfAbsent(symbol, s -> {
            final byte[] name = s.getBytes(StandardCharsets.UTF_8);
            final ReferenceTopic topic =
                new ReferenceTopic(s, publisher.addTopic(ReferenceChannel.of(s).ordinal(), name, 0, name.length));
            byId.add(topic);
            return topic;
        });
    }

    @Override
    public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
            final int length, final long sinceQ) {
        // known before
    }

    @Override
    public void onValue(final Tick tick, final byte[] payloads) {
        byId.get(tick.topic()).carried(tick.q(), tick.p());
        carriedP = tick.p();
    }

    @Override
    public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        byId.get(topic).stateP = p;
    }

    @Override
    public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        stateP = p;
    }
}
