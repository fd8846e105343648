package penstock.edge;

import java.util.List;
import java.util.function.Consumer;
import penstock.link.LinkTarget;
import penstock.link.message.MessageFields;
import penstock.ring.FeedState;
import penstock.ring.RelayedEpoch;
import penstock.ring.TickPublisher;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;

/** What comes over a link goes into the ring, with the numbers that it has. Owned by the feed thread. */
final class EdgeTicks implements LinkTarget {
    private final TickPublisher publisher;
    private final Consumer<RelayedEpoch> onEpoch;
    private final Consumer<List<String>> onHops;
    private final EdgeWords words;

    /** {@code onEpoch} learns of an epoch before the shards do, {@code onHops} of the relays in front of this one. */
    EdgeTicks(final TickPublisher publisher, final Consumer<RelayedEpoch> onEpoch,
            final Consumer<List<String>> onHops, final EdgeWords words) {
        this.words = words;
        this.publisher = publisher;
        this.onEpoch = onEpoch;
        this.onHops = onHops;
    }

    @Override
    public void onTalk(final Consumer<byte[]> socket) {
        words.onLink(socket);
    }

    @Override
    public void onTalkEnd() {
        words.onLinkEnd();
    }

    @Override
    public boolean onWords(final String type, final MessageFields message) {
        return words.onMessage(type, message);
    }

    @Override
    public void hops(final List<String> relays) {
        onHops.accept(relays);
    }

    @Override
    public void relay(final RelayedEpoch begun) {
        onEpoch.accept(begun);
        publisher.tap(null);
        publisher.relay(begun);
    }

    @Override
    public int addTopic(final int channel, final byte[] symbol) {
        return publisher.addTopic(channel, symbol, 0, symbol.length);
    }

    @Override
    public void forgetTopic(final int topic, final long p) {
        publisher.forgetTopic(topic, p);
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
    public void confirm(final int topic) {
        publisher.confirm(topic);
    }

    @Override
    public void feedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        publisher.feedState(feed, state, reason, sinceUs, retryInMs, p);
    }

    @Override
    public void complete(final long p) {
        publisher.complete(p);
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
