package penstock.fanout.subscription;

import penstock.ring.TopicState;
import penstock.topic.Channel;
import penstock.topic.JournalEntries;
import penstock.topic.JournalProjection;
import penstock.topic.ResumeIndex;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.topic.image.View;
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
    private final JournalProjection projection;
    private final ResumeIndex resumeIndex;

    /** Over the topics of a shard. */
    public Resumption(final TopicTable topics) {
        this.topics = topics;
        stored = topics.journal().entries();
        projection = topics.journal().projection();
        resumeIndex = topics.journal().resumeIndex();
    }

    /**
     * Whether a client may resume at that position: it belongs to this epoch. {@link #isKnown} is to be true of each
     * topic, too.
     */
    public boolean isPossible(final Resume from, final Mode mode) {
        return from.epoch() == topics.epoch() && from.p() <= topics.completePosition() && mode != Mode.ONCE
            && (mode != Mode.ALL || from.p() > 0);
    }

    /** Whether the client may have a value of a topic of that symbol or pattern, which was forgotten since. */
    boolean isUnsure(final SessionProfile client, final Channel channel, final SymbolPattern pattern,
            final Resume from) {
        if (from.p() >= channel.forgottenP() || !pattern.isExact()) {
            return from.p() < channel.forgottenP();
        }
        final Topic topic = client.topic(channel, pattern.symbol());
        return from.claims(pattern.symbol()) && (topic == null || topic.sinceP() >= from.p());
    }

    /**
     * Whether it is known what the client has of a topic: in mode all every later update is in the journal, or was
     * overwritten so recently that it can be counted.
     */
    boolean isKnown(final Topic topic, final Resume from, final Mode mode) {
        return mode != Mode.ALL || !from.claims(topic.symbol()) || resumeIndex.qAt(topic, from.p()) >= 0;
    }

    /** What a client at position {@code p} has of a topic of its subscription. */
    Held held(final Subscription subscription, final Topic topic, final long p) {
        if (subscription.deliversAll() && isJumped(subscription, topic, p)) {
            return new Held(SubscribedTopics.NEVER_SENT, false, false, false);
        }
        final long q = sentQ(subscription, topic, p);
        final boolean isExact = q <= 0 || isLastSent(subscription, topic, q);
        if (!subscription.deliversAll()) {
            return new Held(q, !isExact, false, false);
        }
        // the last event is known to be one that was not shown: its image is the sequence to count from
        final boolean isHidden = !isExact && topic.q() == q && subscription.channel().isEventChannel();
        return new Held(q, !isExact, isHidden || topics.state(topic) != TopicState.LIVE, q < 0);
    }

    /**
     * Whether the next update of a topic came here over a link that conflated others into it: a client of another edge
     * may have had some of those, and a change of what was before them is none of what it has.
     */
    private boolean isJumped(final Subscription subscription, final Topic topic, final long p) {
        if (!topics.isRelayed() || subscription.channel().isEventChannel() || topic.p() <= p) {
            return false;
        }
        final long next = stored.entryAfter(topic.id(), p);
        return next < stored.head() && stored.skipped(next) > 0;
    }

    /** Whether the client was certainly sent the update {@code q} itself: an earlier one may show it the same. */
    private boolean isLastSent(final Subscription subscription, final Topic topic, final long q) {
        final View view = subscription.view();
        if (view.isFull() || !subscription.channel().isEventChannel()) {
            return view.isFull();
        }
        if (topic.q() == q) {
            return topic.isChangedSince(q - 1, view);
        }
        final long address = stored.entryOf(topic.id(), q);
        return address != JournalEntries.NONE && projection.isShown(address, view);
    }

    /**
     * {@code q} is the sequence up to which the client was sent all that its view shows. With {@code needsWhole} the
     * client's own sequence may be lower: it cannot count from there. With {@code needsImage} it needs an image even if
     * no update follows. {@code isLost}: nothing is known of any topic any more.
     */
    record Held(long q, boolean needsWhole, boolean needsImage, boolean isLost) {
    }

    private long sentQ(final Subscription subscription, final Topic topic, final long p) {
        if (!subscription.deliversAll()) {
            return topic.changedP() > p || topics.state(topic) != TopicState.LIVE ? SubscribedTopics.NEVER_SENT
                : topic.q();
        }
        final long q = resumeIndex.qAt(topic, p);
        // one address before the oldest: something was lost
        final long next = q < resumeIndex.overwrittenQ(topic.id()) ? stored.oldest() - 1
            : stored.entryAfter(topic.id(), p);
        subscription.cursor().rewindJournal(next, p);
        return q;
    }
}
