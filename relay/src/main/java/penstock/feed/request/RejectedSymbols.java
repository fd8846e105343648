package penstock.feed.request;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The symbols that the venue refuses, with its words, over all connections. Written by the feed thread, read by any.
 */
public final class RejectedSymbols {
    private final Map<String, String> words = new ConcurrentHashMap<>();

    /** True when this is news. */
    boolean add(final String symbol, final String what) {
        return words.put(symbol, what) == null;
    }

    /** The venue has changed its mind. */
    void remove(final String symbol) {
        words.remove(symbol);
    }

    boolean contains(final String symbol) {
        return words.containsKey(symbol);
    }

    public Map<String, String> snapshot() {
        return new TreeMap<>(words);
    }
}
