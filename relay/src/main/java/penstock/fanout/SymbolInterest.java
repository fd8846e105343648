package penstock.fanout;

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
 * What a subscription asked for beyond the topics that it holds: names that are not known yet, and patterns, which
 * later symbols may match. The last request that names a symbol, exactly or by pattern, decides. Most subscriptions
 * want nothing beyond: they pay for no collections. Owned by the shard.
 */
final class SymbolInterest {
    /** Whether what matches joins, in the order of the requests. */
    private Map<SymbolPattern, Boolean> rules = Collections.emptyMap();
    private Set<String> unknown = Collections.emptySet();
    private int joining;

    /** Names asked for that no topic has yet. */
    Set<String> unknown() {
        return unknown;
    }

    /** False when it was there already. */
    boolean addUnknown(final String name) {
        if (unknown.isEmpty()) {
            unknown = new LinkedHashSet<>(2);
        }
        return unknown.add(name);
    }

    /** A symbol appeared: no longer unknown. True when it was. */
    boolean known(final String name) {
        return unknown.remove(name);
    }

    /** The patterns that make later symbols join. */
    List<SymbolPattern> patterns() {
        final List<SymbolPattern> patterns = new ArrayList<>();
        rules.forEach((pattern, joins) -> {
            if (joins) {
                patterns.add(pattern);
            }
        });
        return patterns;
    }

    /** Whether it is kept already: as a rule, or as a name that is not known yet. */
    boolean has(final SymbolPattern pattern) {
        return rules.containsKey(pattern) || unknown.contains(pattern.text());
    }

    /** From now on what matches {@code pattern} joins. */
    void addPattern(final SymbolPattern pattern) {
        forget(pattern);
        joining++;
        rule(pattern, true);
    }

    /**
     * From now on what matches {@code pattern} does not join, whatever an earlier request said. Names that go are
     * handed out.
     */
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

    /** Whether a symbol that just appeared joins by a pattern. */
    boolean matches(final String symbol) {
        boolean joins = false;
        for (final Map.Entry<SymbolPattern, Boolean> rule : rules.entrySet()) {
            if (rule.getValue() != joins && rule.getKey().matches(symbol)) {
                joins = !joins;
            }
        }
        return joins;
    }

    /** How many patterns with a star are kept: each costs a look at every symbol. */
    int globs() {
        int globs = 0;
        for (final SymbolPattern pattern : rules.keySet()) {
            globs += pattern.isExact() ? 0 : 1;
        }
        return globs;
    }

    /** How much of the session's limit of symbols this takes. */
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
