package penstock.server.admin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import penstock.fanout.Shard;
import penstock.fanout.SlicedWork;
import penstock.fanout.subscription.SubscribedTopics;
import penstock.fanout.subscription.Subscription;
import penstock.thread.SlicedLoop;
import penstock.topic.Topic;
import penstock.wire.MessageBuffer;

/**
 * The topics of a subscription of which its client does not have the newest value, counted one by one in slices, and
 * the ten of them whose value has waited longest. Owned by the shard's io thread.
 */
final class OutstandingTopics {
    private static final int SHOWN = 10;
    private static final int TOPICS_PER_CHECK = 16;
    private static final long NS_PER_MS = 1_000_000;

    /**
     * One of them.
     *
     * @param q      the sequence of the newest value
     * @param sentQ  the sequence that was sent last; negative if none was, and an image is pending
     * @param sinceNs when the newest value came
     */
    private record Outstanding(String symbol, long q, long sentQ, long sinceNs) {
    }

    private final Shard shard;
    private final Subscription subscription;
    private final SlicedLoop topics;
    /** The newest one is the head. */
    private final PriorityQueue<Outstanding> oldest =
        new PriorityQueue<>(Comparator.comparingLong(Outstanding::sinceNs).reversed());
    private int count;

    OutstandingTopics(final Shard shard, final Subscription subscription) {
        this.shard = shard;
        this.subscription = subscription;
        topics = new SlicedLoop(slot -> slot < subscription.topics().slots() ? slot : -1, this::look,
            TOPICS_PER_CHECK);
    }

    /** Whether all topics have been looked at. */
    boolean advance(final SlicedWork.Slice slice) {
        return topics.advance(slice::isOver);
    }

    private void look(final int slot) {
        final SubscribedTopics subscribed = subscription.topics();
        final int id = subscribed.topic(slot);
        if (id != SubscribedTopics.NONE && isOutstanding(shard.topics().topic(id), subscribed.sentQ(slot))) {
            final Topic topic = shard.topics().topic(id);
            count++;
            oldest.add(new Outstanding(topic.symbol(), topic.q(), subscribed.sentQ(slot), topic.receivedNs()));
            if (oldest.size() > SHOWN) {
                oldest.remove();
            }
        }
    }

    /** A change of fields that the subscription does not show is no value. */
    private boolean isOutstanding(final Topic topic, final long sentQ) {
        return topic.q() > sentQ && topic.hasValue() && (sentQ < 0
            || !topic.knowsChangesSince(sentQ, subscription.view())
            || topic.isChangedSince(sentQ, subscription.view()));
    }

    /** Appends the count, and the topics that have waited longest, the first one first. */
    void write(final MessageBuffer out, final long nowNs) {
        final List<Outstanding> sorted = new ArrayList<>(oldest);
        sorted.sort(Comparator.comparingLong(Outstanding::sinceNs));
        out.put(",\"outstanding\":").put(count).put(",\"oldest\":[");
        String separator = "";
        for (final Outstanding outstanding : sorted) {
            out.put(separator).put("{\"s\":").putString(outstanding.symbol).put(",\"q\":").put(outstanding.q);
            if (outstanding.sentQ >= 0) {
                out.put(",\"sent\":").put(outstanding.sentQ);
            }
            out.put(",\"age\":").put((nowNs - outstanding.sinceNs) / NS_PER_MS).put('}');
            separator = ",";
        }
        out.put(']');
    }
}
