package penstock.fanout.subscription;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;

/**
 * The names that the feed cannot serve, while a subscription of this shard names them: a later one learns it at once.
 * Their memory is accounted with the names. Owned by the shard's io thread.
 */
final class RefusedNames {
    /** A report and its place in the table, without the characters of the name and the reason. */
    private static final int REPORT_BYTES = 256;

    private final MemoryShare memory;
    private final Map<String, SymbolReports.Report> reports = new HashMap<>();

    RefusedNames(final MemoryShare memory) {
        this.memory = memory;
    }

    /** The feed refuses a name; false if that is known. */
    boolean add(final String name, final SymbolReports.Report report) {
        final SymbolReports.Report before = reports.get(name);
        remove(name);
        memory.reserve(MemoryUse.NAMES, bytes(name, report));
        reports.put(name, report);
        return before == null || !before.reason().equals(report.reason());
    }

    /** Why the name is refused, or null. */
    SymbolReports.Report get(final String name) {
        return reports.get(name);
    }

    /** The name has a topic. */
    void remove(final String name) {
        final SymbolReports.Report removed = reports.remove(name);
        if (removed != null) {
            memory.release(MemoryUse.NAMES, bytes(name, removed));
        }
    }

    /** No subscription names these any more. */
    void removeAll(final Collection<String> names) {
        names.forEach(this::remove);
    }

    private static long bytes(final String name, final SymbolReports.Report report) {
        return REPORT_BYTES + (long) Character.BYTES * (name.length() + report.reason().length());
    }
}
