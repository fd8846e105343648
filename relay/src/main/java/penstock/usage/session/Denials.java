package penstock.usage.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * What a request asks for and its client may not see, for the usage ledger. A name is denied if its topic is forbidden;
 * a pattern if it matches topics and all of them are, because it asks for no more than its client may see. Each set of
 * products counts once. Owned by the io thread.
 */
public final class Denials {
    /** What of the request is denied. */
    public interface Sink {
        /** Of a set of products, by its number, and one of the symbols. */
        void onDenied(int group, String symbol);
    }

    /** A pattern that no permitted topic matches so far; {@code denied} is a symbol for each set of products. */
    private record Unserved(Predicate<String> pattern, Map<Integer, String> denied) {
    }

    private final Map<Integer, String> names = new LinkedHashMap<>();
    private final List<Unserved> unserved = new ArrayList<>();

    /** A pattern of the request. */
    public void add(final Predicate<String> pattern) {
        unserved.add(new Unserved(pattern, new LinkedHashMap<>()));
    }

    /** The request names a topic that its client may not see; {@code group}: its products. */
    public void onName(final int group, final String symbol) {
        names.putIfAbsent(group, symbol);
    }

    /** A topic of the channel, to be compared with the patterns; {@code groups}: the products of a symbol. */
    public void compare(final String symbol, final Predicate<String> permits, final ToIntFunction<String> groups) {
        for (int i = unserved.size() - 1; i >= 0; i--) {
            if (unserved.get(i).pattern.test(symbol)) {
                if (permits.test(symbol)) {
                    unserved.remove(i);
                } else {
                    unserved.get(i).denied.putIfAbsent(groups.applyAsInt(symbol), symbol);
                }
            }
        }
    }

    /** Whether a pattern is left that matches no permitted topic, as far as they were compared. */
    public boolean hasPatterns() {
        return !unserved.isEmpty();
    }

    /** All topics were compared. */
    public void report(final Sink sink) {
        final Map<Integer, String> all = new LinkedHashMap<>(names);
        unserved.forEach(each -> each.denied.forEach(all::putIfAbsent));
        all.forEach(sink::onDenied);
    }
}
