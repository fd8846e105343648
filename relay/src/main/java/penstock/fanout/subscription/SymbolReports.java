package penstock.fanout.subscription;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.ring.TopicState;

/**
 * Reports to a subscription on symbols that have no topic: the name cannot be served, or its topic is gone. At most one
 * report per symbol is pending. Most subscriptions have none. Owned by the shard's io thread.
 */
public final class SymbolReports {
    /**
     * A report.
     *
     * @param sinceUs start of the state in microseconds since 1970
     */
    public record Report(TopicState state, String reason, long sinceUs) {
    }

    private Map<String, Report> pending = Collections.emptyMap();

    /** Whether nothing is to be sent. */
    public boolean isEmpty() {
        return pending.isEmpty();
    }

    /** The symbols of the pending reports, by report. They count as sent. */
    public Map<Report, List<String>> take() {
        final Map<Report, List<String>> taken = new HashMap<>();
        pending.forEach((symbol, report) -> taken.computeIfAbsent(report, r -> new ArrayList<>()).add(symbol));
        pending = Collections.emptyMap();
        return taken;
    }

    void put(final String symbol, final Report report) {
        if (pending.isEmpty()) {
            pending = new HashMap<>(2);
        }
        pending.put(symbol, report);
    }
}
