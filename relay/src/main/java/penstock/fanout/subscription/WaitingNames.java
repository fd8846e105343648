package penstock.fanout.subscription;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import penstock.memory.MemoryShare;
import penstock.ring.TopicState;
import penstock.thread.SlicedLoop;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.usage.session.Denials;
import penstock.usage.session.SessionUsage;
import penstock.wire.request.SymbolPattern;

/**
 * The names that subscriptions of a shard wait for: they have no topic, the feed cannot serve them, or the client may
 * not see them. The venue is asked for a name while a client waits that may see it. Owned by the shard's io thread.
 */
final class WaitingNames {
    /** A topic that the client of a subscription may not see, and the patterns that match it. */
    private record Hidden(Subscription subscription, int group, String symbol, Denials denials) {
    }

    /** Compared with all patterns, which may be hundreds. */
    private static final int SLOTS_PER_CHECK = 2;

    private final TopicTable topics;
    private final InterestCounts interest;
    private final TopicStatusTracker status;
    private final IntFunction<Subscription> subscriptions;
    private PendingInterestIndex[] pending = {};
    private RefusedNames[] refused = {};
    private final MemoryShare memory;
    /** To be compared with the topics of their subscriptions. */
    private final Deque<Hidden> hidden = new ArrayDeque<>();
    /** Of the first of them. */
    private SlicedLoop comparison;
    private Runnable onHidden = () -> { };

    /** {@code subscriptions} by id. */
    WaitingNames(final TopicTable topics, final InterestCounts interest, final TopicStatusTracker status,
            final IntFunction<Subscription> subscriptions, final MemoryShare memory) {
        this.topics = topics;
        this.interest = interest;
        this.status = status;
        this.subscriptions = subscriptions;
        this.memory = memory;
    }

    private void grow() {
        final int before = pending.length;
        pending = Arrays.copyOf(pending, topics.channels().size());
        refused = Arrays.copyOf(refused, pending.length);
        for (int i = before; i < pending.length; i++) {
            pending[i] = new PendingInterestIndex(memory);
            refused[i] = new RefusedNames(memory);
        }
    }

    /** What subscriptions to the channel wait for. */
    PendingInterestIndex pending(final Channel channel) {
        // feeds come while the relay runs
        if (channel.index() >= pending.length) {
            grow();
        }
        return pending[channel.index()];
    }

    /** Whether the feed cannot serve the symbol of a topic, as far as was known. */
    boolean isRefused(final Topic topic) {
        return refused[topic.channel().index()].get(topic.symbol()) != null;
    }

    /** The feed serves it. */
    void onTopic(final Topic topic) {
        refused[topic.channel().index()].remove(topic.symbol());
    }

    /** The feed cannot serve a name that has no topic: subscriptions that name it are notified. */
    void onRefused(final int channel, final String name, final String reason, final long sinceUs) {
        final SymbolReports.Report report = new SymbolReports.Report(TopicState.CLOSED, reason, sinceUs);
        if (interest.isWanted(channel, name) && topics.channels().get(channel).topic(name) == null
                && refused[channel].add(name, report)) {
            final PendingInterestIndex.Name waiting = pending[channel].find(name);
            if (waiting != null) {
                waiting.waiting().forEachInt(id -> {
                    if (subscriptions.apply(id).permits(name)) {
                        report(subscriptions.apply(id), waiting.text(), report);
                    }
                });
            }
        }
    }

    /** A request names a symbol exactly that has no topic, or none that the client may see. */
    void add(final Subscription subscription, final String name) {
        final boolean isPermitted = subscription.permits(name);
        final String added = subscription.interest().addUnknown(subscription.id(), name, !isPermitted);
        if (added != null && isPermitted) {
            onWanted(subscription, added);
        }
    }

    /**
     * A name has no topic any more that the client can be sent, and waits; {@code isCounted}: the subscription counts
     * among those that want it.
     */
    void addAgain(final Subscription subscription, final String name, final boolean isCounted) {
        final boolean isPermitted = subscription.permits(name);
        subscription.interest().addUnknown(subscription.id(), name, !isPermitted);
        count(subscription, name, isCounted, isPermitted);
    }

    /**
     * A topic appeared that a subscription names, or that matches a pattern of it, and the client may not see it: for
     * the usage ledger, once for each set of products. The client does not learn of it.
     */
    void onDenied(final Subscription subscription, final Topic topic, final boolean isNamed) {
        final SessionUsage usage = subscription.session().usage();
        final int group = topics.group(topic.id());
        if (usage == null || subscription.isOnce() || subscription.schedule().isEnded()
                || !subscription.interest().isFirstOf(group)) {
            return;
        }
        if (isNamed) {
            usage.onDenied(group, topic.symbol());
            return;
        }
        final Denials denials = new Denials();
        if (subscription.interest().matches(topic.symbol())) {
            for (final SymbolPattern pattern : subscription.interest().patterns()) {
                if (pattern.matches(topic.symbol())) {
                    denials.add(pattern::matches);
                }
            }
        }
        if (denials.hasPatterns()) {
            hidden.add(new Hidden(subscription, group, topic.symbol(), denials));
            onHidden.run();
        }
    }

    /** {@code listener} is to see to it that {@link #advance} is called until it is done. */
    void onHidden(final Runnable listener) {
        onHidden = listener;
    }

    /**
     * Goes on to find out which patterns ask for topics that their clients may not see, and have no topic of the
     * subscription: those are denied. Returns whether that is all.
     */
    boolean advance(final BooleanSupplier isOver) {
        while (!hidden.isEmpty()) {
            final Hidden first = hidden.peek();
            comparison = comparison == null ? comparison(first) : comparison;
            if (!comparison.advance(isOver)) {
                return false;
            }
            hidden.remove();
            comparison = null;
            if (first.denials.hasPatterns()) {
                first.subscription.session().usage().onDenied(first.group, first.symbol);
            }
        }
        return true;
    }

    /** The first of them is not looked at any more: that failed. False if there is none. */
    boolean skip() {
        comparison = null;
        return hidden.poll() != null;
    }

    private SlicedLoop comparison(final Hidden first) {
        final SubscribedTopics subscribed = first.subscription.topics();
        return new SlicedLoop(slot -> first.denials.hasPatterns() && slot < subscribed.slots() ? slot : -1, slot -> {
            if (subscribed.topic(slot) != SubscribedTopics.NONE) {
                first.denials.compare(topics.topic(subscribed.topic(slot)).symbol(), each -> true, each -> 0);
            }
        }, SLOTS_PER_CHECK);
    }

    /** What the client may see has changed, and a name waits. Returns its topic if the client may see it. */
    Topic recheck(final Subscription subscription, final String name) {
        final boolean isPermitted = subscription.permits(name);
        if (subscription.interest().mark(name, !isPermitted)) {
            if (isPermitted) {
                onWanted(subscription, name);
            } else {
                interest.remove(subscription, name);
            }
        }
        return isPermitted ? subscription.channel().topic(name) : null;
    }

    /** Corrects whether a subscription counts among those that want a name. */
    void count(final Subscription subscription, final String name, final boolean isCounted, final boolean counts) {
        if (counts && !isCounted) {
            interest.add(subscription, name);
        } else if (isCounted && !counts) {
            interest.remove(subscription, name);
        }
    }

    /** A subscription is notified of a symbol without a topic, unless it is sent no status. */
    void report(final Subscription subscription, final String name, final SymbolReports.Report report) {
        if (status.onReport(subscription)) {
            subscription.reports().put(name, report);
        }
    }

    /** A slice of a request of a client ended: reports the symbols whose interest changed in it. */
    void reportInterest(final String client) {
        interest.report(client, (symbols, channel) -> refused[channel].removeAll(symbols));
    }

    private void onWanted(final Subscription subscription, final String name) {
        interest.add(subscription, name);
        final SymbolReports.Report refusal = refused[subscription.channel().index()].get(name);
        if (refusal != null) {
            report(subscription, name, refusal);
        }
    }
}
