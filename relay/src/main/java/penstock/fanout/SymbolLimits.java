package penstock.fanout;

import java.util.List;
import java.util.function.Predicate;
import penstock.topic.Topic;
import penstock.wire.ErrorCode;
import penstock.wire.RequestException;
import penstock.wire.request.SymbolPattern;

/**
 * How many symbols and patterns a session may make the shard remember. Checked before a request changes anything. Owned
 * by the shard.
 */
final class SymbolLimits {
    /** Patterns with a star in one session: each is tried on every symbol, 256 on 10,000 symbols within some 50 ms. */
    static final int MAX_GLOBS = 256;

    private final int mostSymbols;

    SymbolLimits(final int mostSymbols) {
        this.mostSymbols = mostSymbols;
    }

    /**
     * What a session with these {@code running} would keep with these {@code patterns} of a subscribe. {@code existing}
     * is the subscription of that name, or null.
     */
    void checkSubscribe(final List<Subscription> running, final List<SymbolPattern> patterns,
            final Subscription existing,
                        final String requestId) throws RequestException {
        int named = 0;
        for (final Subscription other : running) {
            named += other.held.named();
        }
        check(running, patterns, pattern -> existing == null || !isNamed(existing, pattern), named, requestId);
    }

    /** What a session would keep with these {@code patterns} of an unsubscribe. */
    void checkUnsubscribe(final Subscription subscription, final List<SymbolPattern> patterns, final String requestId)
            throws RequestException {
        check(subscription.session.subscriptions, patterns, pattern -> isNewExclusion(subscription, pattern), 0,
            requestId);
    }

    /**
     * Holds what a session keeps with these {@code patterns}, as far as they are new, and with {@code named} topics, to
     * its limits.
     */
    private void check(final List<Subscription> running, final List<SymbolPattern> patterns,
            final Predicate<SymbolPattern> isNew,
                       final int named, final String requestId) throws RequestException {
        int symbols = named;
        int globs = 0;
        for (final Subscription other : running) {
            symbols += other.wanted.size();
            globs += other.wanted.globs();
        }
        for (final SymbolPattern pattern : patterns) {
            if (isNew.test(pattern)) {
                symbols++;
                globs += pattern.isExact() ? 0 : 1;
            }
        }
        if (symbols > mostSymbols || globs > MAX_GLOBS) {
            throw new RequestException(ErrorCode.TOO_MANY_SYMBOLS, "/symbols", symbols > mostSymbols
                ? "at most " + mostSymbols + " symbols and patterns in one session, this makes " + symbols
                : "at most " + MAX_GLOBS + " patterns with a star in one session, this makes " + globs, requestId);
        }
    }

    /** Whether a subscription has that name or pattern already. */
    private static boolean isNamed(final Subscription subscription, final SymbolPattern pattern) {
        final Topic topic = pattern.isExact() ? subscription.channel.topic(pattern.text()) : null;
        final int slot = topic == null ? SubscribedTopics.NONE : subscription.held.slot(topic.id());
        return slot == SubscribedTopics.NONE ? subscription.wanted.has(pattern) : subscription.held.isByName(slot);
    }

    /**
     * Whether it must be remembered that what {@code pattern} matches does not join: a symbol that is there never
     * appears again.
     */
    private static boolean isNewExclusion(final Subscription subscription, final SymbolPattern pattern) {
        return !subscription.wanted.has(pattern)
            && (!pattern.isExact() || subscription.channel.topic(pattern.text()) == null);
    }
}
