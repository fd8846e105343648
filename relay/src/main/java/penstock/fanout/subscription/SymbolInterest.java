package penstock.fanout.subscription;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import penstock.wire.request.SymbolPattern;

/**
 * The symbols that a subscription asked for and that may still appear: names that no topic has yet, and patterns, which
 * later symbols may match. The last request that names a symbol, exactly or by pattern, decides. Most subscriptions
 * have neither and pay for no collections. Owned by the shard's io thread.
 */
public final class SymbolInterest {
    /** Per pattern: whether a matching symbol joins. In the order of the requests. */
    private Map<SymbolPattern, Boolean> rules = Collections.emptyMap();
    private Set<String> unknown = Collections.emptySet();
    private int joining;

    /** Requested names that no topic has yet. */
    public Set<String> unknown() {
        return unknown;
    }

    /** Adds a name that no topic has yet; false when it was there already. */
    boolean addUnknown(final String name) {
        if (unknown.isEmpty()) {
            unknown = new LinkedHashSet<>(2);
        }
        return unknown.add(name);
    }

    /** A symbol appeared; true when it was one of the unknown names. */
    boolean onKnown(final String name) {
        return unknown.remove(name);
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
        return rules.containsKey(pattern) || unknown.contains(pattern.text());
    }

    /** Symbols that match {@code pattern} join from now on. */
    void addPattern(final SymbolPattern pattern) {
        forget(pattern);
        joining++;
        rule(pattern, true);
    }

    /** Symbols that match {@code pattern} no longer join. Unknown names that this removes go to {@code gone}. */
    void remove(final SymbolPattern pattern, final Consumer<String> gone) {
        forget(pattern);
        if (pattern.isExact()) {
            if (unknown.remove(pattern.text())) {
                gone.accept(pattern.text());
            }
        } else {
            unknown.removeIf(name -> {
                final boolean goes = pattern.matches(name);
                if (goes) {
                    gone.accept(name);
                }
                return goes;
            });
        }
        if (joining == 0) {
            rules.clear();
        } else if (!pattern.isExact() || matches(pattern.text())) {
            rule(pattern, false);
        }
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
    int globs() {
        int globs = 0;
        for (final SymbolPattern pattern : rules.keySet()) {
            globs += pattern.isExact() ? 0 : 1;
        }
        return globs;
    }

    /** How much of the session's symbol limit this uses. */
    int size() {
        return rules.size() + unknown.size();
    }

    private void rule(final SymbolPattern pattern, final boolean joins) {
        if (rules.isEmpty()) {
            rules = new LinkedHashMap<>(2);
        }
        rules.put(pattern, joins);
    }

    private void forget(final SymbolPattern pattern) {
        final Boolean joins = rules.remove(pattern);
        if (joins != null && joins) {
            joining--;
        }
    }
}
