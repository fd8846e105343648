package penstock.fanout.subscription;

import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import penstock.fanout.layout.LayoutSearch;
import penstock.identity.Entitlement;
import penstock.thread.SlicedLoop;
import penstock.topic.Topic;
import penstock.topic.TopicSearch;

/**
 * A subscription follows what its client may see by now, in steps that the caller takes in the order of the methods
 * here: topics that the client may not see any more leave, and those that it may see and asked for join. What it asked
 * for stays as it is. The session sends no data meanwhile; topics may come and go between the steps, and the
 * subscription may end.
 *
 * <p>Owned by the shard's io thread.
 */
public final class RightsChange implements AutoCloseable {
    /** The products of a client may have many patterns. */
    private static final int SYMBOLS_PER_CHECK = 8;

    private final SubscriptionRegistry registry;
    private final Subscription subscription;
    private final boolean mayLose;
    private final boolean mayGain;
    private final Runnable onMemoryFull;
    /** Topics that leave together are reported together. */
    private final long sinceUs;
    /** Null before the topics are searched. */
    private TopicSearch search;
    /** The topics that join, up to {@link #gainedCount}. */
    private int[] gained = new int[16];
    private int gainedCount;
    private final LayoutSearch layout;
    private final LayoutSearch equal;
    private boolean isChanged;

    /**
     * From {@code before} to {@code now}, which is in force. {@code onMemoryFull} is to end the session: its
     * subscription cannot grow, because the memory for subscriptions is full.
     */
    public RightsChange(final SubscriptionRegistry registry, final Subscription subscription,
            final Entitlement before, final Entitlement now, final Runnable onMemoryFull) {
        this.registry = registry;
        this.subscription = subscription;
        this.onMemoryFull = onMemoryFull;
        sinceUs = registry.nowUs();
        layout = registry.layouts().search();
        equal = registry.layouts().search();
        mayLose = !now.includes(before);
        mayGain = !before.includes(now);
    }

    /** First, topics leave. */
    public SlicedLoop losses() {
        final SubscribedTopics subscribed = subscription.topics();
        return new SlicedLoop(slot -> mayLose && isRunning() && slot < subscribed.slots() ? slot : -1, slot -> {
            final int id = subscribed.topic(slot);
            if (id != SubscribedTopics.NONE && !subscription.permits(registry.topics().topic(id).symbol())) {
                deny(slot);
            }
        }, SYMBOLS_PER_CHECK);
    }

    /** Then names wait for another reason than before, or no longer. */
    public SlicedLoop names() {
        search = mayGain && isRunning() && !subscription.isOnce() ? registry.search(subscription)
            : registry.topics().search(subscription.channel());
        final List<String> names = subscription.interest().unknown();
        return new SlicedLoop(i -> isRunning() && i < names.size() ? i : -1, i -> {
            final Topic topic = registry.names().recheck(subscription, names.get(i));
            // names that are unknown when the request comes do not join later
            if (topic != null && !subscription.isOnce()) {
                search.include(topic.id());
            }
        }, SYMBOLS_PER_CHECK);
    }

    /** Topics that join by patterns are searched. */
    public boolean search(final BooleanSupplier isOver) {
        return search.advance(isOver);
    }

    /** Those that the subscription does not have are collected. */
    public SlicedLoop gains() {
        return new SlicedLoop(search.complete()::next, id -> {
            if (subscription.topics().slot(id) == SubscribedTopics.NONE) {
                if (gainedCount == gained.length) {
                    gained = Arrays.copyOf(gained, gainedCount * 2);
                }
                gained[gainedCount++] = id;
            }
        });
    }

    /** Their layout is searched, if the subscription has none: slots of topics that left are free for them. */
    public SlicedLoop layout() {
        return layout.find(gained, isRunning() && subscription.topics().slots() == 0 ? gainedCount : 0);
    }

    /** It is made, if it was not found. */
    public SlicedLoop newLayout() {
        return layout.make();
    }

    /** They join. */
    public SlicedLoop joins() {
        if (isRunning() && subscription.topics().slots() == 0) {
            subscription.topics().expect(layout, gainedCount);
        }
        return new SlicedLoop(id -> isRunning() ? search.complete().next(id) : -1, id -> {
            if (subscription.topics().slot(id) == SubscribedTopics.NONE) {
                admit(registry.topics().topic(id));
            }
        });
    }

    /** An equal table is searched. */
    public SlicedLoop equalTable() {
        final boolean isNeeded = isChanged && isRunning();
        return equal.findOther(isNeeded ? subscription.topics().layout() : null, subscription.topics().slots());
    }

    /** Returns whether the subscription has changed, and equals share their tables. */
    public boolean end() {
        if (isChanged && isRunning()) {
            subscription.topics().share(equal);
        }
        return isChanged && isRunning();
    }

    /** A slice is over; {@code client} is the network of its client. */
    public void onPause(final String client) {
        registry.names().reportInterest(client);
    }

    @Override
    public void close() {
        if (search != null) {
            search.close();
        }
        layout.close();
        equal.close();
    }

    /** The topic in a slot leaves, and the client is notified if it knows it. A name waits from then on. */
    private void deny(final int slot) {
        final SubscribedTopics subscribed = subscription.topics();
        final Topic topic = registry.topics().topic(subscribed.topic(slot));
        final boolean waits = subscribed.isNamed(slot) && !subscription.isOnce();
        if (TopicStatusTracker.isKnown(subscribed, slot)) {
            registry.names().report(subscription, topic.symbol(), SymbolReports.Report.denial(sinceUs));
        }
        isChanged = true;
        subscription.onLost();
        registry.remove(subscription, topic);
        if (waits) {
            registry.names().addAgain(subscription, topic.symbol(), false);
        }
    }

    /** A topic joins, with its image. */
    private void admit(final Topic topic) {
        final boolean isNamed = subscription.interest().removeUnknown(subscription.id(), topic.symbol());
        if (!registry.join(subscription, topic, isNamed, session -> onMemoryFull.run())) {
            registry.names().count(subscription, topic.symbol(), isNamed, false);
            return;
        }
        isChanged = true;
        final SubscribedTopics subscribed = subscription.topics();
        final int slot = subscribed.slot(topic.id());
        if (topic.hasValue()) {
            subscribed.requestImage(slot, SubscribedTopics.NEVER_SENT);
            subscription.cursor().requestReplacement();
        }
        // a denial that was not sent yet precedes this: the topic that the client had may be gone since
        subscribed.onNotified(slot, null);
        registry.status().onGained(subscription, topic.hasValue());
    }

    private boolean isRunning() {
        return !subscription.schedule().isEnded();
    }
}
