package penstock.fanout;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import penstock.wire.SymbolPattern;

/**
 * What a subscription asked for beyond the topics that it holds: names that are not known yet, and patterns, which later symbols
 * may match. The last request that names a symbol, exactly or by pattern, decides. Owned by the shard.
 */
final class Wanted {
    private record Rule(SymbolPattern pattern, boolean joins) {
    }

    private final List<Rule> rules = new ArrayList<>(1);
    private final Set<String> unknown = new LinkedHashSet<>(2);

    /** Names asked for that no topic has yet. */
    Set<String> unknown() {
        return unknown;
    }

    void addUnknown(final String name) {
        unknown.add(name);
    }

    /** A symbol appeared: no longer unknown. True when it was. */
    boolean known(final String name) {
        return unknown.remove(name);
    }

    /** The patterns that make later symbols join. */
    List<SymbolPattern> patterns() {
        final List<SymbolPattern> patterns = new ArrayList<>();
        for (final Rule rule : rules) {
            if (rule.joins) {
                patterns.add(rule.pattern);
            }
        }
        return patterns;
    }

    boolean has(final SymbolPattern pattern) {
        return rules.contains(new Rule(pattern, true));
    }

    /** From now on what matches {@code pattern} joins. */
    void addPattern(final SymbolPattern pattern) {
        forget(pattern);
        rules.add(new Rule(pattern, true));
    }

    /** From now on what matches {@code pattern} does not join, whatever an earlier request said. */
    void remove(final SymbolPattern pattern) {
        forget(pattern);
        unknown.removeIf(pattern::matches);
        if (patternsLeft()) {
            rules.add(new Rule(pattern, false));
        } else {
            rules.clear();
        }
    }

    /** Whether a symbol that just appeared joins by a pattern. */
    boolean matches(final String symbol) {
        for (int i = rules.size() - 1; i >= 0; i--) {
            if (rules.get(i).pattern.matches(symbol)) {
                return rules.get(i).joins;
            }
        }
        return false;
    }

    /** How much of the session's limit of symbols this takes. */
    int size() {
        return rules.size() + unknown.size();
    }

    private boolean patternsLeft() {
        for (final Rule rule : rules) {
            if (rule.joins) {
                return true;
            }
        }
        return false;
    }

    private void forget(final SymbolPattern pattern) {
        final Iterator<Rule> each = rules.iterator();
        while (each.hasNext()) {
            if (each.next().pattern.equals(pattern)) {
                each.remove();
            }
        }
    }
}
