package penstock.identity;

import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import penstock.wire.request.SymbolPattern;

/** Symbols by exact names, hashed, and by patterns, tried in turn. Immutable. */
final class SymbolRules {
    private final Set<String> names;
    private final SymbolPattern[] patterns;

    SymbolRules(final Collection<SymbolPattern> symbols) {
        names = symbols.stream().filter(SymbolPattern::isExact).map(SymbolPattern::symbol)
            .collect(Collectors.toUnmodifiableSet());
        // a pattern that matches all makes the others superfluous
        patterns = symbols.contains(SymbolPattern.ALL) ? new SymbolPattern[] {SymbolPattern.ALL}
            : symbols.stream().filter(symbol -> !symbol.isExact()).distinct().toArray(SymbolPattern[]::new);
    }

    boolean matches(final String symbol) {
        if (names.contains(symbol)) {
            return true;
        }
        for (final SymbolPattern pattern : patterns) {
            if (pattern.matches(symbol)) {
                return true;
            }
        }
        return false;
    }
}
