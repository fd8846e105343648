package penstock.fanout.frame;

import penstock.fanout.subscription.SubscribedTopics;
import penstock.fanout.subscription.Subscription;
import penstock.topic.Journal;
import penstock.topic.ResumeIndex;

/** What a subscription lost whose cursor was overtaken by the journal. No state. */
final class LostUpdates {
    private LostUpdates() {
    }

    /** How many updates were overwritten before the subscription was sent them; it had everything up to {@code p}. */
    static long count(final Journal journal, final Subscription subscription, final long p) {
        long missed = 0;
        if (subscription.cursor().journalAddress() < journal.entries().oldest()) {
            final long passedP = Math.max(p, subscription.cursor().journalPosition());
            for (int slot = 0; slot < subscription.topics().slots(); slot++) {
                missed += of(journal.resumeIndex(), subscription.topics(), slot, passedP);
            }
        }
        return missed;
    }

    /**
     * How many updates of a topic a gap reports if any of them behind a position was overwritten; those before that the
     * view does not show are counted too, because no entry will.
     */
    static long of(final ResumeIndex index, final SubscribedTopics subscribed, final int slot, final long passedP) {
        final int topic = subscribed.topic(slot);
        if (topic == SubscribedTopics.NONE || subscribed.isImagePending(slot)) {
            return 0;
        }
        final long missed = index.overwrittenQ(topic) - subscribed.sentQ(slot);
        return missed > 0 && index.overwrittenQ(topic) > index.qBeforeOverwritten(topic, passedP) ? missed : 0;
    }
}
