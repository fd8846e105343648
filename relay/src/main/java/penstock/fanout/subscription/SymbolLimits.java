package penstock.fanout.subscription;

import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import penstock.quota.Excess;
import penstock.quota.SessionQuota;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.request.SymbolPattern;

/**
 * Limits the symbols and patterns of one session. Checked before a request changes anything. Owned by the shard's io
 * thread.
 */
public final class SymbolLimits {
    /** Patterns with a star in one session: each is matched with every symbol, 256 with 10,000 within some 50 ms. */
    public static final int MAX_GLOBS = 256;

    private final IntSupplier limit;

    /** {@code limit}: symbols and patterns of one session, as it is by now. */
    public SymbolLimits(final IntSupplier limit) {
        this.limit = limit;
    }

    /**
     * Begins to count what a session would have after a subscribe to {@code existing}, null = a new subscription of
     * {@code channel}.
     */
    Count ofSubscribe(final SessionSubscriptions session, final Subscription existing, final Channel channel) {
        final List<Subscription> running = session.all();
        final Count count = new Count(pattern -> existing == null || !isNamed(existing, pattern));
        for (final Subscription other : running) {
            count.symbols += other.topics().named();
            count.names += other.channel().feed() == channel.feed()
                ? other.topics().named() + other.interest().unknownCount() : 0;
        }
        if (session.session().access().isEdge()) {
            count.max = SessionLimits.LINK_SYMBOLS;
        } else {
            count.maxDemand = channel.feed().maxDemand();
        }
        count.quota = session.session().access().quota();
        count.addInterest(running);
        return count;
    }

    /** Begins to count what a session would have after an unsubscribe. */
    Count ofUnsubscribe(final List<Subscription> running, final Subscription subscription) {
        final Count count = new Count(pattern -> isNewExclusion(subscription, pattern));
        count.addInterest(running);
        return count;
    }

    /** Counts the symbols of a request, one by one. */
    final class Count {
        private final Predicate<SymbolPattern> isNew;
        private int symbols;
        private int globs;
        private int names;
        /** What one session may name exactly of a feed on demand. */
        private int maxDemand = Integer.MAX_VALUE;
        private int max = limit.getAsInt();
        private SessionQuota quota = SessionQuota.NONE;

        private Count(final Predicate<SymbolPattern> isNew) {
            this.isNew = isNew;
        }

        /** The request has that symbol. */
        void add(final SymbolPattern pattern) {
            if (isNew.test(pattern)) {
                symbols++;
                globs += pattern.isExact() ? 0 : 1;
                names += pattern.isExact() ? 1 : 0;
            }
        }

        /** Refuses a request that makes more than the limits allow. */
        void check(final String requestId) throws RequestException {
            if (symbols > max || globs > MAX_GLOBS) {
                throw new RequestException(ErrorCode.TOO_MANY_SYMBOLS, "/symbols", symbols > max
                    ? "at most " + max + " symbols and patterns in one session, this makes " + symbols
                    : "at most " + MAX_GLOBS + " patterns with a star in one session, this makes " + globs, requestId);
            }
            final Excess excess = quota.onSymbols(symbols);
            if (excess != null) {
                throw RequestException.quotaExceeded("/symbols", excess.message(), requestId,
                    excess.retryAfterMs());
            }
            if (names > maxDemand) {
                throw new RequestException(ErrorCode.TOO_MANY_SYMBOLS, "/symbols", "the feed is on demand: one session "
                    + "names at most " + maxDemand + " symbols (feed.max-symbols-per-session), this makes " + names,
                    requestId);
            }
        }

        private void addInterest(final List<Subscription> running) {
            for (final Subscription other : running) {
                symbols += other.interest().size();
                globs += other.interest().globs();
            }
        }
    }

    /** Whether a subscription has that name or pattern already. */
    private static boolean isNamed(final Subscription subscription, final SymbolPattern pattern) {
        final Topic topic = pattern.isExact() ? subscription.topic(pattern.symbol()) : null;
        final int slot = topic == null ? SubscribedTopics.NONE : subscription.topics().slot(topic.id());
        return slot == SubscribedTopics.NONE ? subscription.interest().has(pattern) : subscription.topics().isNamed(
            slot);
    }

    /**
     * Whether the exclusion must be stored. A symbol that exists needs no rule: it does not appear again, unless the
     * feed is on demand, or what the client may see changes.
     */
    private boolean isNewExclusion(final Subscription subscription, final SymbolPattern pattern) {
        return !subscription.interest().has(pattern)
            && (!pattern.isExact() || subscription.topic(pattern.symbol()) == null
            || (subscription.channel().feed().isOnDemand() || !subscription.session().access().permitsAll())
            && subscription.interest().matches(pattern.symbol()));
    }
}
