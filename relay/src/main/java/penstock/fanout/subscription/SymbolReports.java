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
 * Reports to a subscription on symbols that have no topic: the name cannot be served, or its topic is gone. At most one
 * report per symbol is pending, so at most one for each name that it waits for and each topic that it was sent; their
 * memory is accounted with the names. Most subscriptions have none. Owned by the shard's io thread.
 */
public final class SymbolReports {
    /** A report and its place in the table, without the characters of the symbol. */
    private static final int REPORT_BYTES = 160;

    /**
     * A report.
     *
     * @param sinceUs start of the state in microseconds since 1970
     */
    public record Report(TopicState state, String reason, long sinceUs) {
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
