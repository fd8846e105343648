package penstock.link;

import java.util.List;
import penstock.ring.FeedState;
import penstock.ring.RelayedEpoch;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;

/**
 * Lets positions rise only. The image of a topic that subscribers name since a moment ago may be older than what was
 * published before it: it gets a position that no update has. Owned by the feed thread.
 */
final class RisingPositions implements LinkTarget {
    private final LinkTarget target;
    private long highest;
    private long free;
    private long complete;

    RisingPositions(final LinkTarget target) {
        this.target = target;
    }

    /**
     * What follows is behind everything that was published; positions up to {@code next}, which is excluded, belong to
     * no update.
     */
    void free(final long next) {
        free = next;
    }

    /** The newest position of an update that was published, or of a state. */
    long highest() {
        return highest;
    }

    /** Everything up to this position was published, and nothing of it is a part of something later. */
    long completed() {
        return complete;
    }

    @Override
    public void hops(final List<String> relays) {
        target.hops(relays);
    }

    @Override
    public void relay(final RelayedEpoch begun) {
        highest = 0;
        free = 0;
        complete = 0;
        target.relay(begun);
    }

    @Override
    public int addTopic(final int channel, final byte[] symbol) {
        return target.addTopic(channel, symbol);
    }

    @Override
    public void forgetTopic(final int topic, final long p) {
        target.forgetTopic(topic, rise(p));
    }

    @Override
    public void refuse(final int channel, final byte[] name, final String reason, final long sinceUs) {
        target.refuse(channel, name, reason, sinceUs);
    }

    @Override
    public void publish(final int topic, final long q, final long p, final long missed, final long timeUs,
            final long receivedNs, final UpdateSlice update) {
        target.publish(topic, q, p > highest ? rise(p) : late(), missed, timeUs, receivedNs, update);
    }

    @Override
    public void topicState(final int topic, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        target.topicState(topic, state, reason, sinceUs, rise(p));
    }

    @Override
    public void confirm(final int topic) {
        target.confirm(topic);
    }

    @Override
    public void feedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        target.feedState(feed, state, reason, sinceUs, retryInMs, rise(p));
    }

    @Override
    public void complete(final long p) {
        complete = Math.max(complete, p);
        target.complete(complete);
    }

    @Override
    public void flush() {
        target.flush();
    }

    @Override
    public boolean isBehind() {
        return target.isBehind();
    }

    /** A position that no update has; if there is none, the one that was published last. */
    private long late() {
        return rise(highest + 1 < free ? highest + 1 : highest);
    }

    private long rise(final long p) {
        highest = Math.max(highest, p);
        return highest;
    }
}
