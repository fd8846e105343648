package penstock.fanout.harm;

import penstock.fanout.frame.ControlQueue;
import penstock.fanout.schedule.FlushScheduler;
import penstock.fanout.subscription.SessionSubscriptions;
import penstock.fanout.subscription.Subscription;
import penstock.topic.Topic;

/**
 * Measures how badly sessions of a shard are served, one after the other: {@link #measure} replaces the last result.
 * A subscription costs some tens of nanoseconds and no search, so ten thousand sessions can be measured each second.
 *
 * <p>How far a subscription is behind is the time since it had everything, if its channel has changed since. That is
 * the age of the oldest value that the client lacks, at most: the first change may have come later, and may be of a
 * symbol that is not subscribed. Owned by the shard's io thread; one for all its sessions.
 */
public final class HarmMeter {
    private static final long NS_PER_MS = 1_000_000;

    private final FlushScheduler scheduler;
    private long behindNs;
    private long lateNs;
    private long blockedNs;
    private long waitingBytes;
    private long missed;
    private BehindCause cause;

    /** Of sessions whose subscriptions are in {@code scheduler}. */
    public HarmMeter(final FlushScheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Measures a session. */
    public HarmMeter measure(final InspectedSession session, final long nowNs) {
        final ControlQueue queue = session.queue();
        final SessionSubscriptions subscriptions = session.subscriptions();
        blockedNs = queue.isBlocked() ? nowNs - queue.blockedNs() : 0;
        waitingBytes = queue.waitingBytes();
        missed = subscriptions.missed();
        behindNs = 0;
        lateNs = 0;
        cause = null;
        for (int i = 0; i < subscriptions.size(); i++) {
            add(subscriptions.get(i), queue.isBlocked(), nowNs);
        }
        return this;
    }

    /** Measures one subscription of a session; what belongs to the whole session is 0. */
    public HarmMeter measure(final Subscription subscription, final boolean isBlocked, final long nowNs) {
        blockedNs = 0;
        waitingBytes = 0;
        missed = 0;
        behindNs = 0;
        lateNs = 0;
        cause = null;
        add(subscription, isBlocked, nowNs);
        return this;
    }

    private void add(final Subscription subscription, final boolean isBlocked, final long nowNs) {
        if (!lacksAny(subscription)) {
            return;
        }
        final long behind = Math.max(0, nowNs - scheduler.caughtUpNs(subscription.schedule(), nowNs));
        final long late = Math.max(0, behind - Math.max(0, subscription.options().intervalMs()) * NS_PER_MS);
        // the cause is that of the subscription that is latest, or else of the one that is furthest behind
        if (cause == null || late > lateNs || lateNs == 0 && behind > behindNs) {
            cause = BehindCause.of(subscription, isBlocked);
        }
        behindNs = Math.max(behindNs, behind);
        lateNs = Math.max(lateNs, late);
    }

    /** Whether something of its channel is newer than what it was sent last. */
    private boolean lacksAny(final Subscription subscription) {
        final Topic newest = subscription.channel().newest();
        return !subscription.schedule().isEnded() && (subscription.cursor().areImagesPending()
            || newest != null && newest.p() > Math.max(subscription.cursor().position(),
                scheduler.settledPosition(subscription.schedule())));
    }

    /** Nanoseconds since the client had everything; 0 if it has. */
    public long behindNs() {
        return behindNs;
    }

    /** The same beyond the interval that the subscription asked for. */
    public long lateNs() {
        return lateNs;
    }

    /** Nanoseconds for which the socket has been blocked; 0 if it is not. */
    public long blockedNs() {
        return blockedNs;
    }

    /** Bytes that wait for the socket. */
    public long waitingBytes() {
        return waitingBytes;
    }

    /** Updates that are missing in mode all, since the session began. */
    public long missed() {
        return missed;
    }

    /** Why it is behind; null if it is not. */
    public BehindCause cause() {
        return cause;
    }

    /** What an order sorts by. */
    public long key(final HarmOrder order) {
        return switch (order) {
            case LATE -> lateNs;
            case BLOCKED -> blockedNs;
            case WAITING -> waitingBytes;
            case MISSED -> missed;
        };
    }
}
