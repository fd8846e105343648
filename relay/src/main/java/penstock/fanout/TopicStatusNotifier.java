package penstock.fanout;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import penstock.ring.TopicState;
import penstock.topic.IdSet;
import penstock.topic.Topic;
import penstock.wire.MessageBuffer;
import penstock.wire.MessageEncoder;

/**
 * Tells subscriptions that topics of theirs changed their own state. A change, which is rare, marks who holds the
 * topic, a bit each; what differs from what a subscription was told is looked for when its session is flushed, so that
 * a state which came and went meanwhile is never told, and what a slow reader is owed is a bit. Stale and closed are
 * told at once; live goes with the update that made it so. Raw sessions and subscriptions of mode once are told
 * nothing. Owned by the shard.
 */
final class TopicStatusNotifier {
    private static final int MAX_SYMBOLS = 500;

    /** What one message can tell of many symbols. */
    private record News(TopicState state, String reason) {
    }

    private final Shard shard;
    private final IdSet listening = new IdSet();
    /** Marked since the last turn. */
    private final IdSet fresh = new IdSet();
    /** To be told when their session is flushed. */
    private final IdSet owed = new IdSet();
    /** To be told when they are flushed themselves: all that is new is that topics are live again. */
    private final IdSet owedWithData = new IdSet();

    TopicStatusNotifier(final Shard shard) {
        this.shard = shard;
    }

    void add(final Subscription subscription) {
        if (subscription.session.kind().hasMessages() && !subscription.once) {
            listening.add(subscription.id);
        }
    }

    void remove(final Subscription subscription) {
        listening.remove(subscription.id);
        fresh.remove(subscription.id);
        owed.remove(subscription.id);
        owedWithData.remove(subscription.id);
    }

    /** A topic changed its state because the feed said so. */
    void onChanged(final Topic topic) {
        fresh.addIntersection(topic.subscribers(), listening);
    }

    /**
     * A topic changed its state because of an update, which says what it is worth itself: it is live, or lacks
     * something.
     */
    void onValue(final Topic topic, final long receivedNs) {
        topic.onValueState(shard.epochUs(receivedNs));
        if (topic.state() == TopicState.LIVE) {
            owedWithData.addIntersection(topic.subscribers(), listening);
        } else {
            onChanged(topic);
        }
    }

    /** A subscription holds a topic from now on. As long as it is told nothing, it takes it for live. */
    void onHeld(final Subscription subscription, final Topic topic) {
        if (topic.state() != TopicState.LIVE && listening.contains(subscription.id)) {
            owed.add(subscription.id);
        }
    }

    /** Once per turn: the sessions to be flushed go into {@code telling}. */
    void takeSessions(final IdSet telling) {
        for (int id = fresh.next(0); id >= 0; id = fresh.next(id + 1)) {
            fresh.remove(id);
            owed.add(id);
            telling.add(shard.dues().byId(id).session.number);
        }
    }

    /**
     * Adds what a session is owed to its next write, in front of the data. Its socket is clear. False when that is too
     * much for one.
     */
    boolean tell(final Session session) {
        if (owed.isEmpty() && owedWithData.isEmpty()) {
            return true;
        }
        for (int i = 0; i < session.subscriptions.size(); i++) {
            final Subscription subscription = session.subscriptions.get(i);
            final boolean isDue = shard.dues().isDue(subscription);
            if ((owed.contains(subscription.id) || isDue && owedWithData.contains(subscription.id))
                    && !tell(subscription, isDue)) {
                return false;
            }
        }
        return true;
    }

    private boolean tell(final Subscription subscription, final boolean isDue) {
        final Map<News, List<Integer>> news = new LinkedHashMap<>();
        final SubscribedTopics held = subscription.held;
        boolean isLeft = false;
        for (int slot = 0; slot < held.slots(); slot++) {
            if (held.topic(slot) == SubscribedTopics.NONE) {
                continue;
            }
            final Topic topic = shard.topics().topic(held.topic(slot));
            final TopicState state = topic.state();
            if (held.told(slot) != state) {
                if (state == TopicState.LIVE && !isDue && held.sent(slot) < topic.q()) {
                    isLeft = true;
                } else {
                    news.computeIfAbsent(new News(state, topic.reason()), n -> new ArrayList<>()).add(slot);
                }
            }
        }
        for (final Map.Entry<News, List<Integer>> entry : news.entrySet()) {
            final List<Integer> slots = entry.getValue();
            for (int from = 0; from < slots.size(); from += MAX_SYMBOLS) {
                if (subscription.session.hasFullWrite()) {
                    return false;
                }
                say(subscription, entry.getKey(), slots.subList(from, Math.min(slots.size(), from + MAX_SYMBOLS)));
            }
        }
        owed.remove(subscription.id);
        owedWithData.remove(subscription.id);
        if (isLeft) {
            owedWithData.add(subscription.id);
        }
        return true;
    }

    private void say(final Subscription subscription, final News news, final List<Integer> slots) {
        final List<String> symbols = new ArrayList<>(slots.size());
        long sinceUs = Long.MAX_VALUE;
        for (final int slot : slots) {
            final Topic topic = shard.topics().topic(subscription.held.topic(slot));
            subscription.held.told(slot, news.state);
            symbols.add(topic.symbol());
            sinceUs = Math.min(sinceUs, topic.sinceUs());
        }
        final MessageBuffer message = shard.message();
        MessageEncoder.symbolStatus(message, subscription.name, symbols, news.state.name().toLowerCase(Locale.ROOT),
            news.reason, sinceUs);
        subscription.session.addToWrite(message);
    }
}
