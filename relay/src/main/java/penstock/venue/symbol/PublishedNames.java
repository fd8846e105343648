package penstock.venue.symbol;

import java.nio.charset.StandardCharsets;
import penstock.text.SymbolName;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.ByteTable;

/**
 * The published names of the symbols that a connection has sent, so that a known symbol costs one look-up and makes no
 * garbage. Owned by the feed thread.
 */
public final class PublishedNames {
    /** About 10 MB. Venues have up to some 10,000 symbols; one that sends more makes them up. */
    private static final int MAX_NAMES = 32_768;
    private static final byte[] NONE = {};

    private final SymbolSpec symbols;
    private final ByteTable<byte[]> names = new ByteTable<>();
    private boolean isCollision;

    public PublishedNames(final SymbolSpec symbols) {
        this.symbols = symbols;
    }

    /** Replaces the venue's symbol by its published name; false if only another symbol can have that name. */
    public boolean publish(final ByteSlice symbol) {
        isCollision = false;
        byte[] name = names.get(symbol);
        if (name == null) {
            if (symbol.length() > SymbolName.MAX_CHARS) {
                return true;
            }
            name = nameSlowly(symbol);
        }
        if (name == NONE) {
            return false;
        }
        symbol.take(name);
        return true;
    }

    /** Whether the last symbol is new, and another one has the name that the file wants for it. */
    public boolean isCollision() {
        return isCollision;
    }

    int size() {
        return names.size();
    }

    private byte[] nameSlowly(final ByteSlice symbol) {
        if (names.size() >= MAX_NAMES) {
            names.clear();
        }
        final String venue = symbol.toString();
        final String published = symbols.published(venue);
        final String wanted = symbols.wanted(venue);
        isCollision = published == null || wanted != null && !wanted.equals(published);
        final byte[] name = published == null ? NONE : published.getBytes(StandardCharsets.UTF_8);
        names.put(symbol, name);
        return name;
    }
}
