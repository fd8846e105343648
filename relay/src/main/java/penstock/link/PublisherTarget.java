package penstock.link;

import java.util.List;
import java.util.function.Consumer;
import penstock.ring.FeedState;
import penstock.ring.RelayedEpoch;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;

/** Publishes what a link received into the ring of this relay. Owned by the feed thread. */
public final class PublisherTarget implements LinkTarget {
    private final TickPublisher publisher;
    private final Consumer<List<String>> hops;

    /** {@code hops}: learns who the relays are, before anything of theirs is published. */
    public PublisherTarget(final TickPublisher publisher, final Consumer<List<String>> hops) {
        this.publisher = publisher;
        this.hops = hops;
    }

    @Override
    public void hops(final List<String> relays) {
        hops.accept(relays);
    }

    @Override
    public void relay(final RelayedEpoch begun) {
        publisher.relay(begun);
    }

    @Override
    public int addTopic(final int channel, final byte[] symbol) {
        return publisher.addTopic(channel, symbol, 0, symbol.length);
    }

    @Override
    public void forgetTopic(final int topic) {
        publisher.forgetTopic(topic);
    }

    @Override
    public void refuse(final int channel, final byte[] name, final String reason, final long sinceUs) {
        publisher.refuse(channel, name, reason, sinceUs);
    }

    @Override
    public void publish(final int topic, final long q, final long p, final long missed, final long timeUs,
            final long receivedNs, final UpdateSlice update) {
        publisher.publish(topic, q, p, missed, timeUs, receivedNs, update);
    }

    @Override
    public void topicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        publisher.topicState(topic, state, reason, sinceUs, p);
    }

    @Override
    public void feedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        publisher.feedState(feed, state, reason, sinceUs, retryInMs, p);
    }

    @Override
    public void flush() {
        publisher.flush();
    }

    @Override
    public boolean isBehind() {
        return publisher.isBehind();
    }
}
