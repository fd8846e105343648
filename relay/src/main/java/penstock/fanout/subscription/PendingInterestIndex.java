package penstock.fanout.subscription;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import penstock.wire.request.SymbolPattern;

/**
 * Finds the subscriptions of one channel that a new symbol joins, by name or by pattern. A new symbol costs one look-up
 * and one match per different pattern, not one per subscription. Owned by the shard's io thread.
 */
final class PendingInterestIndex {
    private final Map<String, List<Subscription>> byName = new HashMap<>();
    private final Map<SymbolPattern, List<Subscription>> byPattern = new HashMap<>();

    void add(final Subscription subscription) {
        for (final String name : subscription.interest().unknown()) {
            byName.computeIfAbsent(name, n -> new ArrayList<>(1)).add(subscription);
        }
        for (final SymbolPattern pattern : subscription.interest().patterns()) {
            byPattern.computeIfAbsent(pattern, p -> new ArrayList<>(1)).add(subscription);
        }
    }

    /** Call before the interest of the subscription changes, then {@link #add} again. */
    void remove(final Subscription subscription) {
        for (final String name : subscription.interest().unknown()) {
            byName.computeIfPresent(name, (n, list) -> without(list, subscription));
        }
        for (final SymbolPattern pattern : subscription.interest().patterns()) {
            byPattern.computeIfPresent(pattern, (p, list) -> without(list, subscription));
        }
    }

    /** Hands each subscription that waits for the name to {@code action}. */
    void forNamed(final String name, final Consumer<Subscription> action) {
        byName.getOrDefault(name, List.of()).forEach(action);
    }

    /** A symbol appeared: hands each subscription that may join to {@code candidate}, some perhaps twice. */
    void onSymbol(final String symbol, final Consumer<Subscription> candidate) {
        final List<Subscription> named = byName.remove(symbol);
        if (named != null) {
            named.forEach(candidate);
        }
        byPattern.forEach((pattern, subscriptions) -> {
            if (pattern.matches(symbol)) {
                subscriptions.forEach(candidate);
            }
        });
    }

    private static List<Subscription> without(final List<Subscription> list, final Subscription gone) {
        final int at = list.indexOf(gone);
        if (at >= 0) {
            list.set(at, list.get(list.size() - 1));
            list.remove(list.size() - 1);
        }
        return list.isEmpty() ? null : list;
    }
}
