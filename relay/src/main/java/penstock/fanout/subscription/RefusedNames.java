package penstock.fanout.subscription;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The names that the feed cannot serve, while a subscription of this shard names them: a later one learns it at once.
 * Owned by the shard's io thread.
 */
final class RefusedNames {
    private final Map<String, SymbolReports.Report> reports = new HashMap<>();

    /** The feed refuses a name; false if that is known. */
    boolean add(final String name, final SymbolReports.Report report) {
        final SymbolReports.Report before = reports.put(name, report);
        return before == null || !before.reason().equals(report.reason());
    }

    /** Why the name is refused, or null. */
    SymbolReports.Report get(final String name) {
        return reports.get(name);
    }

    /** The name has a topic. */
    void remove(final String name) {
        reports.remove(name);
    }

    /** No subscription names these any more. */
    void removeAll(final Collection<String> names) {
        names.forEach(reports::remove);
    }
}
