package penstock.feed.book;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import org.agrona.collections.Int2ObjectHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.feed.request.LineListener;
import penstock.feed.request.SubscriptionReconciler;
import penstock.time.FeedClock;
import penstock.upstream.LossReason;
import penstock.venue.spec.SubscribeSpec;

/**
 * Gap recovery on one line: a topic that misses messages, or whose changes arrive without a snapshot, is subscribed to
 * again. If no snapshot follows, or the topic breaks again and again, only a new connection helps. Owned by the feed
 * thread.
 */
public final class GapRecovery {
    /** A snapshot that has not arrived by then will not arrive. */
    static final long SNAPSHOT_TIMEOUT_MS = 15_000;
    private static final Logger LOG = LoggerFactory.getLogger(GapRecovery.class);
    /** Within {@link #WINDOW_NS}; a checksum that never matches would request snapshots for ever. */
    private static final int MAX_ATTEMPTS = 3;
    private static final long WINDOW_NS = 60_000_000_000L;

    private final String title;
    private final FeedClock clock;
    private final IntFunction<String> names;
    private final BiFunction<Integer, String, List<SubscribeSpec.Item>> items;
    private final SubscriptionReconciler subscriptions;
    private final LineListener listener;
    private final Int2ObjectHashMap<Recovery> recoveries = new Int2ObjectHashMap<>();
    private int pendingCount;
    private boolean isStopped;

    /** One topic that is incomplete, or was a short while ago. */
    private static final class Recovery {
        private long sinceNs;
        private int attempts;
        private boolean wasComplete;
        private FeedClock.Timer timer;
    }

    /**
     * Nothing is missing yet.
     *
     * @param title how the log calls the feed
     * @param names symbols by topic
     * @param items subscriptions by channel and symbol; a topic may need several
     */
    public GapRecovery(final String title, final FeedClock clock, final IntFunction<String> names,
            final BiFunction<Integer, String, List<SubscribeSpec.Item>> items,
            final SubscriptionReconciler subscriptions, final LineListener listener) {
        this.title = title;
        this.clock = clock;
        this.names = names;
        this.items = items;
        this.subscriptions = subscriptions;
        this.listener = listener;
    }

    /** Subscribes again to a topic that was complete; if that is not possible the line must be replaced. */
    void recover(final int channel, final int topic, final String what) {
        if (resubscribe(channel, topic, true)) {
            LOG.warn("{}: {}: {}; subscribing to it again", title, LossReason.GAP.word(), what);
            listener.onTopicStale(topic);
        } else {
            listener.onUnrecoverable(what);
        }
    }

    /** Levels of a book cannot be read: it is stale, but a new line would bring the same levels. */
    void onUnreadable(final int channel, final int topic) {
        listener.onTopicStale(topic);
        resubscribeOrDrop(channel, topic, "levels of " + names.apply(topic) + " are no numbers");
    }

    /** A change arrived without a snapshot before it: the snapshot may be on its way, or lost. */
    void onUnsynced(final int channel, final int topic) {
        if (isStopped) {
            return;
        }
        final Recovery known = recoveries.get(topic);
        if (known == null || known.timer == null
                && (known.attempts <= MAX_ATTEMPTS || clock.nowNs() - known.sinceNs > WINDOW_NS)) {
            await(recovery(topic), channel, topic);
        }
    }

    /** The image of a topic is needed, which its subscription may have brought already. */
    void onWanted(final int channel, final int topic) {
        final List<SubscribeSpec.Item> present =
            items.apply(channel, names.apply(topic)).stream().filter(subscriptions::canResubscribe).toList();
        if (!present.isEmpty() && begin(channel, topic, false)) {
            present.forEach(subscriptions::resubscribe);
        }
    }

    /** A complete update of the topic has arrived. Costs nothing while no topic is incomplete. */
    void onComplete(final int topic) {
        if (pendingCount == 0) {
            return;
        }
        final Recovery recovery = recoveries.get(topic);
        if (recovery != null && recovery.timer != null) {
            complete(recovery);
        }
    }

    /** The topic is gone, or begins again. */
    void forget(final int topic) {
        onComplete(topic);
        recoveries.remove(topic);
    }

    /** The line has ended. */
    void stop() {
        isStopped = true;
        recoveries.values().stream().filter(recovery -> recovery.timer != null).forEach(this::complete);
        recoveries.clear();
    }

    private boolean resubscribe(final int channel, final int topic, final boolean wasComplete) {
        final List<SubscribeSpec.Item> all = items.apply(channel, names.apply(topic));
        return !isStopped && !all.isEmpty() && all.stream().allMatch(subscriptions::canResubscribe)
            && begin(channel, topic, wasComplete) && all.stream().allMatch(subscriptions::resubscribe);
    }

    /** False after too many attempts. */
    private boolean begin(final int channel, final int topic, final boolean wasComplete) {
        final Recovery recovery = recovery(topic);
        if (++recovery.attempts > MAX_ATTEMPTS) {
            return false;
        }
        recovery.wasComplete |= wasComplete;
        await(recovery, channel, topic);
        return true;
    }

    /** The other topics of the line are complete: it is not given up for one that never was. */
    private void onTimeout(final Recovery recovery, final int channel, final int topic) {
        final String what = "no snapshot of " + names.apply(topic) + " arrived within " + SNAPSHOT_TIMEOUT_MS + " ms";
        if (recovery.wasComplete) {
            recover(channel, topic, what);
        } else {
            resubscribeOrDrop(channel, topic, what);
        }
    }

    private void resubscribeOrDrop(final int channel, final int topic, final String what) {
        if (resubscribe(channel, topic, false)) {
            LOG.warn("{}: {}; subscribing to it again", title, what);
        } else if (!isStopped) {
            LOG.warn("{}: {}; its changes are dropped", title, what);
            recovery(topic).attempts = MAX_ATTEMPTS + 1;
        }
    }

    private Recovery recovery(final int topic) {
        final Recovery recovery = recoveries.computeIfAbsent(topic, t -> new Recovery());
        if (recovery.attempts == 0 || clock.nowNs() - recovery.sinceNs > WINDOW_NS) {
            recovery.sinceNs = clock.nowNs();
            recovery.attempts = 0;
        }
        return recovery;
    }

    private void await(final Recovery recovery, final int channel, final int topic) {
        if (recovery.timer == null) {
            pendingCount++;
            recovery.timer = clock.executeAfter(() -> {
                recovery.timer = null;
                pendingCount--;
                onTimeout(recovery, channel, topic);
            }, SNAPSHOT_TIMEOUT_MS);
        }
    }

    private void complete(final Recovery recovery) {
        recovery.timer.cancel();
        recovery.timer = null;
        recovery.wasComplete = false;
        pendingCount--;
    }
}
