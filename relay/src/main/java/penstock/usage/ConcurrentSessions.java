package penstock.usage;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many sessions are open now, over all io threads: by device, and by principal, of one product. Its size is
 * bounded by the open sessions. Any thread.
 */
final class ConcurrentSessions {
    private final Map<Object, Integer> open = new ConcurrentHashMap<>();

    void add(final UsageKey key) {
        open.merge(key, 1, Integer::sum);
        open.merge(key.licence(), 1, Integer::sum);
    }

    void remove(final UsageKey key) {
        open.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
        open.computeIfPresent(key.licence(), (same, count) -> count == 1 ? null : count - 1);
    }

    int ofDevice(final UsageKey key) {
        return open.getOrDefault(key, 0);
    }

    int ofPrincipal(final UsageKey key) {
        return open.getOrDefault(key.licence(), 0);
    }

    /** Open sessions, each once for each of its products. */
    int total() {
        return open.entrySet().stream().filter(entry -> entry.getKey() instanceof UsageKey)
            .mapToInt(Map.Entry::getValue).sum();
    }

    int size() {
        return open.size();
    }
}
