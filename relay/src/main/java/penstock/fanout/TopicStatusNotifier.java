package penstock.fanout;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.IntArrayList;
import penstock.fanout.frame.ControlQueue;
import penstock.fanout.schedule.FlushScheduler;
import penstock.fanout.subscription.SessionSubscriptions;
import penstock.fanout.subscription.SubscribedTopics;
import penstock.fanout.subscription.Subscription;
import penstock.fanout.subscription.SymbolReports;
import penstock.fanout.subscription.TopicStatusTracker;
import penstock.ring.TopicState;
import penstock.topic.Topic;
import penstock.topic.TopicTable;

/**
 * Notifies subscriptions of topics whose state differs from the one notified last. Stale and closed are sent at once,
 * live together with the update that made it so. Owned by the shard's io thread.
 */
final class TopicStatusNotifier {
    private static final int MAX_SYMBOLS = 500;

    /** The symbols of one message have this in common. */
    private record Status(TopicState state, String reason) {
    }

    private final TopicStatusTracker tracker;
    private final TopicTable topics;
    private final FlushScheduler scheduler;
    private final ControlMessages messages;

    TopicStatusNotifier(final TopicStatusTracker tracker, final TopicTable topics, final FlushScheduler scheduler,
            final ControlMessages messages) {
        this.tracker = tracker;
        this.topics = topics;
        this.scheduler = scheduler;
        this.messages = messages;
    }

    /** Queues pending notifications before the data of the next write. False when there are more than fit in one. */
    boolean notify(final SessionSubscriptions session, final ControlQueue queue) {
        if (tracker.isEmpty()) {
            return true;
        }
        for (int i = 0; i < session.size(); i++) {
            final Subscription subscription = session.get(i);
            final boolean isDue = scheduler.isDue(subscription.schedule());
            if (!subscription.schedule().isPaused() && tracker.isPending(subscription, isDue)
                    && !notify(subscription, isDue, queue)) {
                return false;
            }
        }
        return true;
    }

    private boolean notify(final Subscription subscription, final boolean isDue, final ControlQueue queue) {
        if (!subscription.reports().isEmpty()) {
            if (queue.isOverLimit()) {
                return false;
            }
            subscription.reports().take().forEach((report, symbols) -> add(subscription, report, symbols, queue));
        }
        final Map<Status, IntArrayList> changed = new LinkedHashMap<>();
        final SubscribedTopics subscribed = subscription.topics();
        boolean isLiveLeft = false;
        // one that is armed was sent all that its view shows: nothing may follow for a long time
        final boolean isDataLeft = !isDue && !subscription.schedule().isArmed();
        for (int slot = 0; slot < subscribed.slots(); slot++) {
            if (subscribed.topic(slot) == SubscribedTopics.NONE) {
                continue;
            }
            final Topic topic = topics.topic(subscribed.topic(slot));
            final TopicState state = topic.state();
            final TopicState notified = subscribed.notifiedState(slot);
            if (notified != state) {
                if (state == TopicState.LIVE && (isDataLeft && subscribed.sentQ(slot) < topic.q()
                        || notified == null && !topic.hasValue())) {
                    isLiveLeft = true;
                } else {
                    changed.computeIfAbsent(new Status(state, topic.reason()), s -> new IntArrayList()).addInt(slot);
                }
            }
        }
        for (final Map.Entry<Status, IntArrayList> entry : changed.entrySet()) {
            final IntArrayList slots = entry.getValue();
            for (int from = 0; from < slots.size(); from += MAX_SYMBOLS) {
                if (queue.isOverLimit()) {
                    return false;
                }
                add(subscription, entry.getKey(), slots, from, queue);
            }
        }
        tracker.onNotified(subscription, isLiveLeft);
        return true;
    }

    /** Symbols without a topic. */
    private void add(final Subscription subscription, final SymbolReports.Report report, final List<String> symbols,
            final ControlQueue queue) {
        // an edge may have no update with the position at which another relay forgot the newest of them
        final long p = Math.max(topics.position(), subscription.channel().forgottenP() - 1);
        for (int from = 0; from < symbols.size(); from += MAX_SYMBOLS) {
            queue.addText(messages.topicStatus(subscription,
                symbols.subList(from, Math.min(symbols.size(), from + MAX_SYMBOLS)), report, p));
        }
    }

    private void add(final Subscription subscription, final Status status, final IntArrayList slots, final int from,
            final ControlQueue queue) {
        final int to = Math.min(slots.size(), from + MAX_SYMBOLS);
        final List<String> symbols = new ArrayList<>(to - from);
        long sinceUs = Long.MAX_VALUE;
        long p = 0;
        for (int i = from; i < to; i++) {
            final int slot = slots.getInt(i);
            final Topic topic = topics.topic(subscription.topics().topic(slot));
            subscription.topics().onNotified(slot, status.state);
            symbols.add(topic.symbol());
            sinceUs = Math.min(sinceUs, topic.sinceUs());
            p = Math.max(p, topic.stateP());
        }
        queue.addText(messages.topicStatus(subscription, symbols,
            new SymbolReports.Report(status.state, status.reason, sinceUs), p));
    }
}
