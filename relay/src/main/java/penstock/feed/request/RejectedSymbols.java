package penstock.feed.request;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The symbols that the venue rejected on any connection, with its words. Written by the feed thread, read by any.
 */
public final class RejectedSymbols {
    private final Map<String, String> words = new ConcurrentHashMap<>();

    /** A copy, sorted. */
    public Map<String, String> snapshot() {
        return new TreeMap<>(words);
    }

    /** True if the symbol was not rejected before. */
    boolean add(final String symbol, final String what) {
        return words.put(symbol, what) == null;
    }

    /** The venue has accepted the symbol after all, or it has no interest any more. */
    public void remove(final String symbol) {
        words.remove(symbol);
    }

    boolean contains(final String symbol) {
        return words.containsKey(symbol);
    }
}
