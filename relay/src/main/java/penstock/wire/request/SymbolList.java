package penstock.wire.request;

import java.util.AbstractList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.RandomAccess;
import java.util.Set;

/**
 * The symbols and patterns of a request, in its order, with what every step of the request asks of them: a request may
 * have ten thousand, so that each pass takes a part of a millisecond of the io thread. Immutable.
 */
public final class SymbolList extends AbstractList<SymbolPattern> implements RandomAccess {
    private final List<SymbolPattern> all;
    private final List<SymbolPattern> patterns;
    private final long pieces;
    private final long bytes;

    private SymbolList(final List<SymbolPattern> symbols) {
        all = List.copyOf(symbols);
        final Set<SymbolPattern> different = new LinkedHashSet<>();
        long sumOfPieces = 0;
        long sumOfBytes = 0;
        for (final SymbolPattern symbol : all) {
            sumOfBytes += symbol.bytes();
            if (!symbol.isExact()) {
                sumOfPieces += symbol.pieces();
                different.add(symbol);
            }
        }
        patterns = List.copyOf(different);
        pieces = sumOfPieces;
        bytes = sumOfBytes;
    }

    /** The list itself, if it is one. */
    public static SymbolList of(final List<SymbolPattern> symbols) {
        return symbols instanceof SymbolList list ? list : new SymbolList(symbols);
    }

    @Override
    public SymbolPattern get(final int index) {
        return all.get(index);
    }

    @Override
    public int size() {
        return all.size();
    }

    /** Those with a star, each once. */
    public List<SymbolPattern> patterns() {
        return patterns;
    }

    /** How many searches in a name it takes to compare it with all patterns, at most. */
    public long pieces() {
        return pieces;
    }

    /** Bytes of heap that the symbols take, at most. */
    public long bytes() {
        return bytes;
    }
}
