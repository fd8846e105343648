package penstock.fanout.subscription;

import java.util.List;
import java.util.function.Predicate;
import penstock.topic.Topic;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.request.SymbolPattern;

/**
 * Limits the symbols and patterns of one session. Checked before a request changes anything. Owned by the shard's io
 * thread.
 */
public final class SymbolLimits {
    /** Patterns with a star in one session: each is matched with every symbol, 256 with 10,000 within some 50 ms. */
    public static final int MAX_GLOBS = 256;

    private final int maxSymbols;
    private int maxDemand = Integer.MAX_VALUE;

    /** {@code maxSymbols}: symbols and patterns of one session. */
    public SymbolLimits(final int maxSymbols) {
        this.maxSymbols = maxSymbols;
    }

    /** On demand: one session names at most that many symbols exactly. */
    public void limitDemand(final int symbols) {
        maxDemand = symbols;
    }

    /**
     * Checks what a session would have after a subscribe.
     *
     * @param running  the session's subscriptions
     * @param existing the one that the request names, or null
     */
    void checkSubscribe(final List<Subscription> running, final List<SymbolPattern> patterns,
            final Subscription existing, final String requestId) throws RequestException {
        int named = 0;
        for (final Subscription other : running) {
            named += other.topics().named();
        }
        final Predicate<SymbolPattern> isNew = pattern -> existing == null || !isNamed(existing, pattern);
        check(running, patterns, isNew, named, requestId);
        if (maxDemand < maxSymbols) {
            checkDemand(running, patterns, isNew, named, requestId);
        }
    }

    /** Checks what a session would have after an unsubscribe from {@code patterns}. */
    public void checkUnsubscribe(final List<Subscription> running, final Subscription subscription,
            final List<SymbolPattern> patterns, final String requestId) throws RequestException {
        check(running, patterns, pattern -> isNewExclusion(subscription, pattern), 0, requestId);
    }

    /** Counts {@code named} topics, the interest of all {@code running} and the patterns that are new. */
    private void check(final List<Subscription> running, final List<SymbolPattern> patterns,
            final Predicate<SymbolPattern> isNew, final int named, final String requestId) throws RequestException {
        int symbols = named;
        int globs = 0;
        for (final Subscription other : running) {
            symbols += other.interest().size();
            globs += other.interest().globs();
        }
        for (final SymbolPattern pattern : patterns) {
            if (isNew.test(pattern)) {
                symbols++;
                globs += pattern.isExact() ? 0 : 1;
            }
        }
        if (symbols > maxSymbols || globs > MAX_GLOBS) {
            throw new RequestException(ErrorCode.TOO_MANY_SYMBOLS, "/symbols", symbols > maxSymbols
                ? "at most " + maxSymbols + " symbols and patterns in one session, this makes " + symbols
                : "at most " + MAX_GLOBS + " patterns with a star in one session, this makes " + globs, requestId);
        }
    }

    private void checkDemand(final List<Subscription> running, final List<SymbolPattern> patterns,
            final Predicate<SymbolPattern> isNew, final int named, final String requestId) throws RequestException {
        long names = named + patterns.stream().filter(pattern -> pattern.isExact() && isNew.test(pattern)).count();
        for (final Subscription other : running) {
            names += other.interest().unknownCount();
        }
        if (names > maxDemand) {
            throw new RequestException(ErrorCode.TOO_MANY_SYMBOLS, "/symbols", "the feed is on demand: one session "
                + "names at most " + maxDemand + " symbols (feed.max-symbols-per-session), this makes " + names,
                requestId);
        }
    }

    /** Whether a subscription has that name or pattern already. */
    private static boolean isNamed(final Subscription subscription, final SymbolPattern pattern) {
        final Topic topic = pattern.isExact() ? subscription.channel().topic(pattern.symbol()) : null;
        final int slot = topic == null ? SubscribedTopics.NONE : subscription.topics().slot(topic.id());
        return slot == SubscribedTopics.NONE ? subscription.interest().has(pattern) : subscription.topics().isNamed(
            slot);
    }

    /**
     * Whether the exclusion must be stored. A symbol that exists needs no rule: it does not appear again, unless the
     * feed is on demand.
     */
    private boolean isNewExclusion(final Subscription subscription, final SymbolPattern pattern) {
        return !subscription.interest().has(pattern)
            && (!pattern.isExact() || subscription.channel().topic(pattern.symbol()) == null
            || maxDemand < Integer.MAX_VALUE && subscription.interest().matches(pattern.symbol()));
    }
}
