package penstock.fanout.subscription;

import java.util.List;
import penstock.topic.Channel;
import penstock.topic.JournalEntries;
import penstock.topic.ResumeIndex;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.request.Resume;
import penstock.wire.request.SymbolPattern;

/**
 * Finds what a returning client already has: it names the position up to which it was sent everything, and the journal
 * and the topics give the sequences at that position. If those are no longer known, the client is sent whole images as
 * on its first visit. Owned by the shard's io thread.
 */
public final class Resumption {
    private final TopicTable topics;
    private final JournalEntries stored;
    private final ResumeIndex resumeIndex;

    /** Over the topics of a shard. */
    public Resumption(final TopicTable topics) {
        this.topics = topics;
        stored = topics.journal().entries();
        resumeIndex = topics.journal().resumeIndex();
    }

    /**
     * Whether a client can resume at that position: it belongs to this epoch, and in mode all every later update is in
     * the journal, or was overwritten so recently that it can be counted.
     */
    public boolean isPossible(final Resume from, final Channel channel, final Mode mode,
            final List<SymbolPattern> patterns) {
        if (from == null || from.epoch() != topics.epoch() || from.p() > topics.position() || mode == Mode.ONCE
            || mode == Mode.ALL && from.p() == 0) {
            return false;
        }
        for (final SymbolPattern pattern : mode == Mode.ALL ? patterns : List.<SymbolPattern>of()) {
            if (!pattern.isExact()) {
                for (final Topic topic : channel.topics()) {
                    if (pattern.matches(topic.symbol()) && resumeIndex.qAt(topic, from.p()) < 0) {
                        return false;
                    }
                }
            } else if (channel.topic(pattern.text()) != null
                    && resumeIndex.qAt(channel.topic(pattern.text()), from.p()) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The sequence up to which a client at position {@code p} has the topic. */
    long sentQ(final Subscription subscription, final Topic topic, final long p) {
        if (!subscription.deliversAll()) {
            return topic.changedP() > p ? SubscribedTopics.NEVER_SENT : topic.q();
        }
        final long q = resumeIndex.qAt(topic, p);
        // one address before the oldest: something was lost
        final long next = q < resumeIndex.overwrittenQ(topic.id()) ? stored.oldest() - 1
            : stored.entryAfter(topic.id(), p);
        subscription.cursor().rewindJournal(next);
        return q;
    }
}
