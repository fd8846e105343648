package penstock.fanout.frame;

import java.util.Arrays;
import penstock.fanout.subscription.SubscribedTopics;
import penstock.fanout.subscription.Subscription;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;

/**
 * The entries of the last message of updates that was encoded for a link. Links that keep up are sent the same entries
 * at the same time: for the others they are copied. Owned by the shard's io thread; one for all its sessions.
 */
final class SharedEntries {
    private final TopicTable table;
    private final MessageBuffer bytes = new MessageBuffer(1024);
    private Topic[] topics = {};
    private long[] sent = {};
    private int count;
    /** What an entry depends on, too. */
    private View view;
    private boolean hasPayloads;
    private int messageBytes;
    private long tsUs;
    private long revision;
    private long position;

    SharedEntries(final TopicTable table) {
        this.table = table;
    }

    /** How many of the changed topics from {@code from} on have their entries here: all that are here, or none. */
    int find(final Subscription subscription, final DirtyTopics dirty, final int from, final int max,
            final int itsMessageBytes, final long itsTsUs) {
        if (count == 0 || count > max - from || tsUs != itsTsUs || position != table.position()
                || revision != table.revision() || messageBytes != itsMessageBytes
                || hasPayloads != subscription.sendsPayloads() || !view.isSame(subscription.view())) {
            return 0;
        }
        final SubscribedTopics subscribed = subscription.topics();
        for (int i = 0; i < count; i++) {
            if (topics[i] != dirty.topic(from + i) || sent[i] != subscribed.sentQ(dirty.slot(from + i))) {
                return 0;
            }
        }
        return count;
    }

    /** The entries that were found. */
    MessageBuffer bytes() {
        return bytes;
    }

    /** A message was encoded, in {@code out}: its entries are of the changed topics between the two. */
    void keep(final Subscription subscription, final DirtyTopics dirty, final int from, final int to,
            final int itsMessageBytes, final long itsTsUs, final MessageBuffer out) {
        count = to - from;
        if (count > topics.length) {
            topics = Arrays.copyOf(topics, FrameSizes.MAX_ENTRIES);
            sent = Arrays.copyOf(sent, FrameSizes.MAX_ENTRIES);
        }
        for (int i = 0; i < count; i++) {
            topics[i] = dirty.topic(from + i);
            sent[i] = subscription.topics().sentQ(dirty.slot(from + i));
        }
        view = subscription.view();
        hasPayloads = subscription.sendsPayloads();
        messageBytes = itsMessageBytes;
        tsUs = itsTsUs;
        revision = table.revision();
        position = table.position();
        bytes.clear().put(out.bytes(), BinaryEncoder.HEAD_BYTES, out.length() - BinaryEncoder.HEAD_BYTES);
    }
}
