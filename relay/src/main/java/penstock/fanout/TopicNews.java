package penstock.fanout;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import penstock.ring.TopicState;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.MessageBuffer;
import penstock.wire.Messages;

/**
 * Tells a subscription the states of its topics, each change once: what it was told last is kept with each topic that it holds, and
 * compared when something has changed. What changed and changed back before it could be told is nothing to tell. Owned by the shard.
 */
final class TopicNews {
    private static final int MAX_SYMBOLS = 500;

    private final TopicTable table;
    private final List<Topic> changed = new ArrayList<>();
    private final List<String> symbols = new ArrayList<>();

    TopicNews(final TopicTable table) {
        this.table = table;
    }

    /** Says what is news to {@code subscription}, a message for each state and reason. */
    void tell(final Subscription subscription) {
        subscription.hasTopicNews = false;
        final HeldTopics held = subscription.held;
        for (int slot = 0; slot < held.slots(); slot++) {
            if (held.topic(slot) != HeldTopics.NONE) {
                final Topic topic = table.topic(held.topic(slot));
                if (held.told(slot) != topic.state().ordinal()) {
                    held.told(slot, topic.state().ordinal());
                    changed.add(topic);
                }
            }
        }
        while (!changed.isEmpty()) {
            tellAlike(subscription);
        }
    }

    /** Those that share state and reason with the last one. */
    private void tellAlike(final Subscription subscription) {
        final Topic last = changed.get(changed.size() - 1);
        symbols.clear();
        changed.removeIf(topic -> {
            final boolean isAlike = symbols.size() < MAX_SYMBOLS && topic.state() == last.state()
                && Objects.equals(topic.stateReason(), last.stateReason());
            if (isAlike) {
                symbols.add(topic.symbol());
            }
            return isAlike;
        });
        final MessageBuffer message = subscription.session.message();
        Messages.symbolStatus(message, subscription.name, symbols, name(last.state()), last.stateReason(), last.stateSinceUs());
        subscription.session.add(message);
    }

    private static String name(final TopicState state) {
        return switch (state) {
            case LIVE -> "live";
            case CLOSED -> "closed";
            default -> "stale";
        };
    }
}
