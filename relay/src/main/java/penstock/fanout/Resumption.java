package penstock.fanout;

import java.util.List;
import penstock.topic.Channel;
import penstock.topic.Journal;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.request.Resume;
import penstock.wire.request.SymbolPattern;

/**
 * Where a client goes on that was here before: it names the position up to which it was sent everything, and what its
 * topics were then is found out. Where that can't be told any more it is sent whole images, as if it came for the first
 * time. Owned by the shard.
 */
final class Resumption {
    private final TopicTable topics;
    private final Journal journal;

    Resumption(final TopicTable topics) {
        this.topics = topics;
        journal = topics.journal();
    }

    /**
     * Whether these topics can go on from there: the position is of this epoch, and in mode all what came since is
     * kept, or was overwritten so lately that it can be counted.
     */
    boolean isPossible(final Resume from, final Channel channel, final Mode mode, final List<SymbolPattern> patterns) {
        if (from == null || from.epoch() != topics.epoch() || from.p() > topics.position() || mode == Mode.ONCE
            || mode == Mode.ALL && from.p() == 0) {
            return false;
        }
        for (final SymbolPattern pattern : mode == Mode.ALL ? patterns : List.<SymbolPattern>of()) {
            if (!pattern.isExact()) {
                for (final Topic topic : channel.topics()) {
                    if (pattern.matches(topic.symbol()) && journal.qAt(topic, from.p()) < 0) {
                        return false;
                    }
                }
            } else if (channel.topic(pattern.text()) != null
                    && journal.qAt(channel.topic(pattern.text()), from.p()) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The sequence that a topic of the subscription was sent up to, as far as it is to be taken for sent. */
    long sentQ(final Subscription subscription, final Topic topic, final long p) {
        if (!subscription.lossless) {
            return topic.changedP() > p ? SubscribedTopics.NEVER : topic.q();
        }
        final long q = journal.qAt(topic, p);
        // one address before the oldest: something was lost
        final long next = q < journal.overwrittenQ(topic.id()) ? journal.oldest() - 1
            : journal.entryAfter(topic.id(), p);
        subscription.journalCursor = Math.min(subscription.journalCursor, next);
        return q;
    }
}
