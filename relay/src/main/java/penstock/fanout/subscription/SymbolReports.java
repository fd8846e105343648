package penstock.fanout.subscription;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.ring.TopicState;

/**
 * Reports to a subscription on symbols that have no topic in it: the name cannot be served, its topic is gone, or the
 * client may not see it any more. At most one report per symbol is pending, so at most one for each name that it waits
 * for and each topic that it was sent; their memory is accounted with the names. Most subscriptions have none. Owned by
 * the shard's io thread.
 */
public final class SymbolReports {
    /** A report and its place in the table, without the characters of the symbol. */
    private static final int REPORT_BYTES = 160;

    /**
     * A report.
     *
     * @param state   null: the client may not see the symbol any more
     * @param sinceUs start of the state in microseconds since 1970
     */
    public record Report(TopicState state, String reason, long sinceUs) {
        static Report denial(final long sinceUs) {
            return new Report(null, null, sinceUs);
        }
    }

    private final MemoryShare memory;
    private Map<String, Report> pending = Collections.emptyMap();

    SymbolReports(final MemoryShare memory) {
        this.memory = memory;
    }

    /** Whether nothing is to be sent. */
    public boolean isEmpty() {
        return pending.isEmpty();
    }

    /** A copy of the symbols of the pending reports. */
    List<String> symbols() {
        return List.copyOf(pending.keySet());
    }

    /** The symbols of the pending reports, by report. They count as sent. */
    public Map<Report, List<String>> take() {
        final Map<Report, List<String>> taken = new HashMap<>();
        pending.forEach((symbol, report) -> taken.computeIfAbsent(report, r -> new ArrayList<>()).add(symbol));
        clear();
        return taken;
    }

    /** Nothing is to be sent any more. */
    void clear() {
        pending.keySet().forEach(symbol -> memory.release(MemoryUse.NAMES, bytes(symbol)));
        pending = Collections.emptyMap();
    }

    /** Nothing is to be sent of a symbol any more. */
    void remove(final String symbol) {
        if (!pending.isEmpty() && pending.remove(symbol) != null) {
            memory.release(MemoryUse.NAMES, bytes(symbol));
            pending = pending.isEmpty() ? Collections.emptyMap() : pending;
        }
    }

    void put(final String symbol, final Report report) {
        if (pending.isEmpty()) {
            pending = new HashMap<>(2);
        }
        if (pending.put(symbol, report) == null) {
            memory.reserve(MemoryUse.NAMES, bytes(symbol));
        }
    }

    private static long bytes(final String symbol) {
        return REPORT_BYTES + (long) Character.BYTES * symbol.length();
    }
}
