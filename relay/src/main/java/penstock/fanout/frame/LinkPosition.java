package penstock.fanout.frame;

import penstock.fanout.schedule.FlushScheduler;
import penstock.fanout.subscription.SessionSubscriptions;
import penstock.fanout.subscription.Subscription;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.websocket.Opcode;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;

/**
 * Tells another relay, at the end of a write, up to which position it has everything of all its subscriptions: so it
 * can publish what came of different channels in the order of the positions. Owned by the shard's io thread; one for
 * all its sessions.
 */
final class LinkPosition {
    private final TopicTable topics;
    private final FlushScheduler scheduler;
    private final FrameBuilder frames;
    private final MessageBuffer message = new MessageBuffer(64);
    private final MessageBuffer framed = new MessageBuffer(64);

    LinkPosition(final TopicTable topics, final FlushScheduler scheduler, final FrameBuilder frames) {
        this.topics = topics;
        this.scheduler = scheduler;
        this.frames = frames;
    }

    /**
     * All due subscriptions of a session were encoded, each with its write: the position goes behind them if the client
     * does not know it.
     */
    void put(final SessionSubscriptions session, final PendingWrite[] writes) {
        long reached = topics.completePosition();
        for (int i = 0; i < session.size(); i++) {
            final Subscription subscription = session.get(i);
            final boolean hasAll =
                scheduler.isDue(subscription.schedule()) ? writes[i].encodedAll() : hasAll(subscription);
            if (!hasAll) {
                reached = Math.min(reached, position(subscription));
            }
        }
        if (session.size() > 0 && reached > session.sentPosition()) {
            MessageEncoder.position(message.clear(), reached);
            session.session().frames().putControl(framed.clear(), Opcode.TEXT, message.bytes(), 0, message.length());
            frames.putTail(framed, reached);
        }
    }

    /** Whether nothing waits of a subscription that is not due. */
    private static boolean hasAll(final Subscription subscription) {
        final Topic newest = subscription.channel().newest();
        return subscription.schedule().isArmed() || !subscription.cursor().areImagesPending()
            && (newest == null || newest.p() <= subscription.cursor().position());
    }

    /** No position describes a client that waits for images, or was sent some that are ahead. */
    private long position(final Subscription subscription) {
        if (subscription.cursor().areImagesPending() || subscription.cursor().areImagesAhead()) {
            return 0;
        }
        long position = subscription.cursor().position();
        for (int i = 0; i < frames.frameCount(); i++) {
            if (frames.frame(i).owner == subscription) {
                position = Math.max(position, frames.frame(i).position);
            }
        }
        return position;
    }

    /** The socket took {@code written} bytes of the write. */
    void onWritten(final SessionSubscriptions session, final int written) {
        final long known = frames.tail(written);
        if (known >= 0) {
            session.onPositionSent(known);
        }
    }
}
