package penstock.wire.request;

import java.util.List;
import java.util.Set;

/**
 * The position at which a reconnecting client resumes: the epoch, and {@code p} of its last frame. It has the values of
 * {@code names} and of what matches {@code patterns} up to there; both are null if the request does not say. Immutable.
 */
public record Resume(long epoch, long p, Set<String> names, List<SymbolPattern> patterns) {
    /** A position without the symbols that it applies to. */
    public Resume(final long epoch, final long p) {
        this(epoch, p, null, null);
    }

    /** A position up to which the client has the values of {@code symbols}. */
    public static Resume of(final long epoch, final long p, final List<SymbolPattern> symbols) {
        final SymbolList list = SymbolList.of(symbols);
        return new Resume(epoch, p, list.names(), list.patterns());
    }

    /** Whether the request says which symbols the client has. */
    public boolean isExplicit() {
        return names != null;
    }

    /** Whether the client has the value of a symbol up to the position. */
    public boolean claims(final String symbol) {
        if (!isExplicit() || names.contains(symbol)) {
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
