package penstock.fanout.subscription;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import penstock.thread.SlicedLoop;
import penstock.topic.Topic;
import penstock.topic.TopicTable;

/**
 * Subscriptions that have ended and still hold something: they leave their topics, then their names and patterns, one
 * by one, and give their ids back last. Until then topics know them, and nothing reaches them. Owned by the shard's io
 * thread.
 */
final class Endings {
    private final TopicTable topics;
    private final TopicBinder binder;
    private final InterestCounts interest;
    private final Consumer<Subscription> onLeft;
    private final Deque<Subscription> ended = new ArrayDeque<>();
    /** Of the first one, what is left to do; empty if it has not begun. */
    private final Deque<SlicedLoop> loops = new ArrayDeque<>();

    /** {@code onLeft} receives each subscription that holds nothing but its id. */
    Endings(final TopicTable topics, final TopicBinder binder, final InterestCounts interest,
            final Consumer<Subscription> onLeft) {
        this.topics = topics;
        this.binder = binder;
        this.interest = interest;
        this.onLeft = onLeft;
    }

    void add(final Subscription subscription) {
        ended.add(subscription);
    }

    /** Goes on until all have left or {@code isOver} says that time is up; returns whether all have. */
    boolean advance(final BooleanSupplier isOver) {
        while (!ended.isEmpty()) {
            if (loops.isEmpty()) {
                begin(ended.peek());
            }
            while (!loops.isEmpty()) {
                if (!loops.peek().advance(isOver)) {
                    return false;
                }
                loops.remove();
            }
            end(ended.remove());
            if (isOver.getAsBoolean()) {
                return ended.isEmpty();
            }
        }
        return true;
    }

    /** The first one keeps what it holds. */
    void skip() {
        loops.clear();
        ended.poll();
    }

    private void begin(final Subscription subscription) {
        final SubscribedTopics subscribed = subscription.topics();
        final SymbolInterest symbols = subscription.interest();
        final List<String> names = symbols.unknown();
        // topics that are forgotten meanwhile leave by themselves
        loops.add(new SlicedLoop(slot -> slot < subscribed.slots() ? slot : -1, slot -> leave(subscription, slot)));
        loops.add(SlicedLoop.of(names.size(), i -> symbols.removeUnknown(subscription.id(), names.get(i),
            name -> interest.remove(subscription, name))));
        loops.add(new SlicedLoop(i -> symbols.rules() > 0 ? i : -1, i -> symbols.removeRule(subscription.id())));
    }

    private void leave(final Subscription subscription, final int slot) {
        final SubscribedTopics subscribed = subscription.topics();
        if (subscribed.topic(slot) != SubscribedTopics.NONE) {
            final Topic topic = topics.topic(subscribed.topic(slot));
            if (subscribed.isNamed(slot)) {
                interest.remove(subscription, topic.symbol());
            }
            binder.unbind(subscription, topic);
            subscribed.leave(slot);
        }
    }

    private void end(final Subscription subscription) {
        subscription.topics().clear();
        subscription.reports().clear();
        subscription.endChange();
        subscription.endView();
        onLeft.accept(subscription);
    }
}
