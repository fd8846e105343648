package penstock.fanout.subscription;

import java.util.List;
import java.util.function.BooleanSupplier;
import penstock.memory.MemoryUse;
import penstock.thread.SlicedLoop;
import penstock.topic.Topic;
import penstock.topic.TopicSearch;
import penstock.wire.RequestException;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolList;
import penstock.wire.request.SymbolPattern;

/**
 * The symbols of one request leave a subscription, in steps that the caller takes in the order of the methods here.
 * Before {@link #exclusions} nothing changes, and the request may be refused. From then on the subscription is paused:
 * no client is sent a position that is not true of a topic which left. If the subscription, of mode once, ended before
 * that there is nothing left to do.
 *
 * <p>Owned by the shard's io thread.
 */
public final class Leaving implements AutoCloseable {
    /** Each name is matched with all patterns of the request or the subscription. */
    private static final int NAMES_PER_CHECK = 2;

    private final SubscriptionRegistry registry;
    private final Subscription subscription;
    private final Request.Unsubscribe request;
    private final List<SymbolPattern> patterns;
    private final SymbolLimits.Count count;
    private final TopicSearch search;
    private long nameBytes;
    /** Null before {@link #sweep} has removed the first topics. */
    private SlicedLoop unknown;

    /** {@code running} are the subscriptions of the session. */
    public Leaving(final SubscriptionRegistry registry, final SymbolLimits limits, final List<Subscription> running,
            final Subscription subscription, final Request.Unsubscribe request) {
        this.registry = registry;
        this.subscription = subscription;
        this.request = request;
        patterns = SymbolList.of(request.symbols()).patterns();
        count = limits.ofUnsubscribe(running, subscription);
        search = registry.search(subscription.session().access(), subscription.channel(), request.symbols());
    }

    /** First, the symbols are counted. */
    public SlicedLoop symbols() {
        return SlicedLoop.of(request.symbols().size(), i -> {
            final SymbolPattern symbol = request.symbols().get(i);
            count.add(symbol);
            final boolean isKnown = !registry.mayReturn(subscription) && symbol.isExact()
                && subscription.topic(symbol.symbol()) != null;
            nameBytes += isKnown || !subscription.interest().needsRule(symbol) ? 0
                : PendingInterestIndex.growth(symbol);
        }, NAMES_PER_CHECK);
    }

    /** Refuses more exclusions than a session may have, or the memory limits allow. */
    public void check() throws RequestException {
        count.check(request.id());
        registry.memoryCheck().check(MemoryUse.NAMES, nameBytes, "/symbols", request.id());
    }

    /** Topics that match the patterns are searched. */
    public boolean search(final BooleanSupplier isOver) {
        return search.advance(isOver);
    }

    /** Symbols that match do not join any more, and what the request names exactly leaves. */
    public SlicedLoop exclusions() {
        subscription.interest().beginLeaving(patterns);
        return SlicedLoop.of(request.symbols().size(), i -> {
            if (!subscription.schedule().isEnded()) {
                exclude(request.symbols().get(i));
            }
        }, NAMES_PER_CHECK);
    }

    /** Topics and unknown names that match the patterns leave; returns whether all have. */
    public boolean sweep(final BooleanSupplier isOver) {
        if (!search.advance(isOver) || !topics().advance(isOver)) {
            return false;
        }
        if (unknown == null) {
            unknown = unknown();
        }
        // names that have got a topic meanwhile leave with it
        return unknown.advance(isOver) && search.advance(isOver) && topics().advance(isOver);
    }

    /** What was to be reported of symbols that match the patterns is not reported any more. */
    public SlicedLoop reports() {
        final List<String> symbols = patterns.isEmpty() ? List.of() : subscription.reports().symbols();
        return SlicedLoop.of(symbols.size(), i -> {
            if (SymbolInterest.matchesAny(patterns, symbols.get(i))) {
                subscription.reports().remove(symbols.get(i));
            }
        }, NAMES_PER_CHECK);
    }

    /** Rules of a subscription without patterns are of no use. */
    public SlicedLoop idleRules() {
        return new SlicedLoop(i -> !subscription.schedule().isEnded() && subscription.interest().isIdle() ? i : -1,
            i -> subscription.interest().removeRule(subscription.id()));
    }

    /** A slice of the request is over; {@code client} is the network of its client. */
    public void onPause(final String client) {
        registry.names().reportInterest(client);
    }

    @Override
    public void close() {
        search.close();
        subscription.interest().endLeaving();
    }

    private void exclude(final SymbolPattern symbol) {
        if (symbol.isExact()) {
            subscription.reports().remove(symbol.symbol());
        }
        final Topic topic = symbol.isExact() ? subscription.topic(symbol.symbol()) : null;
        if (topic != null) {
            registry.remove(subscription, topic);
        }
        // with a topic, too, if the symbol may go and come again
        if (topic == null || registry.mayReturn(subscription)) {
            subscription.interest().exclude(subscription.id(), symbol, name -> registry.forget(subscription, name));
        }
    }

    private SlicedLoop topics() {
        return new SlicedLoop(i -> search.complete().next(0), id -> {
            search.poll();
            if (!subscription.schedule().isEnded()) {
                registry.remove(subscription, registry.topics().topic(id));
            }
        });
    }

    private SlicedLoop unknown() {
        final List<String> names = patterns.isEmpty() ? List.of() : subscription.interest().unknown();
        return SlicedLoop.of(names.size(), i -> {
            if (!subscription.schedule().isEnded() && SymbolInterest.matchesAny(patterns, names.get(i))) {
                subscription.interest().removeUnknown(subscription.id(), names.get(i),
                    name -> registry.forget(subscription, name));
            }
        }, NAMES_PER_CHECK);
    }
}
