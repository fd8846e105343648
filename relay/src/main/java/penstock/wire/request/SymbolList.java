package penstock.wire.request;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
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
    /** Null unless they were collected. */
    private final Set<String> names;

    private SymbolList(final Builder builder) {
        all = List.copyOf(builder.all);
        patterns = List.copyOf(builder.different);
        pieces = builder.pieces;
        bytes = builder.bytes;
        names = builder.names == null ? null : Collections.unmodifiableSet(builder.names);
    }

    /** The list itself, if it is one. */
    public static SymbolList of(final List<SymbolPattern> symbols) {
        if (symbols instanceof SymbolList list) {
            return list;
        }
        final Builder builder = new Builder();
        symbols.forEach(builder::add);
        return builder.build();
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

    /** The symbols without a star: at once if the builder has collected them. */
    Set<String> names() {
        if (names != null) {
            return names;
        }
        final Builder builder = Builder.ofNames();
        all.forEach(builder::add);
        return Collections.unmodifiableSet(builder.names);
    }

    /** How many searches in a name it takes to compare it with all patterns, at most. */
    public long pieces() {
        return pieces;
    }

    /** Bytes of heap that the symbols take, at most. */
    public long bytes() {
        return bytes;
    }

    /** Takes the symbols and patterns one by one. Owned by the thread that decodes the request. */
    static final class Builder {
        private final List<SymbolPattern> all = new ArrayList<>();
        private final Set<SymbolPattern> different = new LinkedHashSet<>();
        private Set<String> names;
        private long pieces;
        private long bytes;

        /** One that collects the names, too. */
        static Builder ofNames() {
            final Builder builder = new Builder();
            builder.names = new HashSet<>();
            return builder;
        }

        void add(final SymbolPattern symbol) {
            all.add(symbol);
            bytes += symbol.bytes();
            if (!symbol.isExact()) {
                pieces += symbol.pieces();
                different.add(symbol);
            } else if (names != null) {
                names.add(symbol.symbol());
            }
        }

        int size() {
            return all.size();
        }

        SymbolList build() {
            return new SymbolList(this);
        }
    }
}
