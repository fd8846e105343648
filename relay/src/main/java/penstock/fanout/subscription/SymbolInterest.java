package penstock.fanout.subscription;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.agrona.collections.ObjectHashSet;
import penstock.wire.request.SymbolPattern;

/**
 * The symbols that a subscription asked for and that may still appear: names that no topic has yet, and patterns, which
 * later symbols may match. The last request that names a symbol, exactly or by pattern, decides. Most subscriptions
 * have neither and pay for no collections. Owned by the shard's io thread.
 */
public final class SymbolInterest {
    private final PendingInterestIndex index;
    /** Per pattern: whether a matching symbol joins. In the order of the requests. */
    private Map<SymbolPattern, Boolean> rules = Collections.emptyMap();
    /** Null while there is none. */
    private ObjectHashSet<PendingName> unknown;
    private int joining;

    /** {@code index} stores the names for all subscriptions to a channel, and knows each by its id. */
    SymbolInterest(final PendingInterestIndex index) {
        this.index = index;
    }

    /** Requested names that no topic has yet. */
    public List<String> unknown() {
        return unknown == null ? List.of() : unknown.stream().sorted().map(PendingName::text).toList();
    }

    /** How many unknown names there are. */
    public int unknownCount() {
        return unknown == null ? 0 : unknown.size();
    }

    /** Adds a name that no topic has yet; null when it was there already, else the name as it is stored. */
    String addUnknown(final int subscription, final String name) {
        if (isUnknown(name)) {
            return null;
        }
        if (unknown == null) {
            unknown = new ObjectHashSet<>(8);
        }
        final PendingName added = index.add(subscription, name);
        unknown.add(added);
        return added.text();
    }

    /** A topic has one of the unknown names. */
    void onKnown(final PendingName name) {
        unknown.remove(name);
        if (unknown.isEmpty()) {
            unknown = null;
        }
    }

    /** The patterns that make later symbols join. */
    public List<SymbolPattern> patterns() {
        final List<SymbolPattern> patterns = new ArrayList<>();
        rules.forEach((pattern, joins) -> {
            if (joins) {
                patterns.add(pattern);
            }
        });
        return patterns;
    }

    /** Whether the pattern is here already: as a rule, or as an unknown name. */
    boolean has(final SymbolPattern pattern) {
        return rules.containsKey(pattern) || pattern.isExact() && isUnknown(pattern.symbol());
    }

    /** Symbols that match {@code pattern} join from now on. */
    void addPattern(final int subscription, final SymbolPattern pattern) {
        forget(subscription, pattern);
        rule(subscription, pattern, true);
    }

    /** Whether a rule must be added so that symbols that match {@code pattern} do not join. */
    boolean needsRule(final SymbolPattern pattern) {
        return joining > 0 && !rules.containsKey(pattern) && (!pattern.isExact() || matches(pattern.symbol()));
    }

    /** Symbols that match {@code pattern} no longer join. Unknown names that this removes go to {@code gone}. */
    void remove(final int subscription, final SymbolPattern pattern, final Consumer<String> gone) {
        forget(subscription, pattern);
        final PendingName exact = pattern.isExact() ? index.find(pattern.symbol()) : null;
        if (exact != null && unknown != null && unknown.contains(exact)) {
            removeUnknown(subscription, exact, gone);
        } else if (unknown != null && !pattern.isExact()) {
            for (final PendingName name : List.copyOf(unknown)) {
                if (pattern.matches(name.text())) {
                    removeUnknown(subscription, name, gone);
                }
            }
        }
        if (joining == 0) {
            clearRules(subscription);
        } else if (!pattern.isExact() || matches(pattern.symbol())) {
            rule(subscription, pattern, false);
        }
    }

    /** The subscription ends. Unknown names go to {@code gone}. */
    void end(final int subscription, final Consumer<String> gone) {
        if (unknown != null) {
            List.copyOf(unknown).forEach(name -> removeUnknown(subscription, name, gone));
        }
        clearRules(subscription);
    }

    /** Whether a new symbol joins by a pattern. */
    boolean matches(final String symbol) {
        boolean joins = false;
        for (final Map.Entry<SymbolPattern, Boolean> rule : rules.entrySet()) {
            if (rule.getValue() != joins && rule.getKey().matches(symbol)) {
                joins = !joins;
            }
        }
        return joins;
    }

    /** How many patterns with a star there are: each is matched with every symbol. */
    public int globs() {
        int globs = 0;
        for (final SymbolPattern pattern : rules.keySet()) {
            globs += pattern.isExact() ? 0 : 1;
        }
        return globs;
    }

    /** How much of the session's symbol limit this uses. */
    int size() {
        return rules.size() + unknownCount();
    }

    private boolean isUnknown(final String name) {
        final PendingName known = unknown == null ? null : index.find(name);
        return known != null && unknown.contains(known);
    }

    private void removeUnknown(final int subscription, final PendingName name, final Consumer<String> gone) {
        onKnown(name);
        index.remove(subscription, name);
        gone.accept(name.text());
    }

    private void rule(final int subscription, final SymbolPattern pattern, final boolean joins) {
        if (rules.isEmpty()) {
            rules = new LinkedHashMap<>(2);
        }
        rules.put(pattern, joins);
        joining += joins ? 1 : 0;
        index.add(subscription, pattern, joins);
    }

    private void forget(final int subscription, final SymbolPattern pattern) {
        final Boolean joins = rules.remove(pattern);
        if (joins != null) {
            joining -= joins ? 1 : 0;
            index.remove(subscription, pattern, joins);
        }
    }

    private void clearRules(final int subscription) {
        rules.forEach((pattern, joins) -> index.remove(subscription, pattern, joins));
        rules = Collections.emptyMap();
        joining = 0;
    }
}
