package penstock.reload;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.changes.ChangeKind;
import penstock.changes.ChangeLog;
import penstock.config.ConfigException;
import penstock.config.relay.ConfigView;
import penstock.server.admin.ReloadReport;

/**
 * Reads the configuration of a running relay again: all of it is checked as at a start, everything that can fail is
 * prepared, and then the parts that have changed are put into force; the log says what else needs a restart. A
 * configuration with a mistake changes nothing. Any thread; one reload at a time.
 */
public final class ConfigReload {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigReload.class);

    private final Supplier<ReloadCandidate> again;
    private final ChangeLog changes;
    private volatile ConfigView running;

    /**
     * Of a relay that was started with {@code started}; {@code again} reads the configuration again, and throws {@link
     * ConfigException} or {@link IllegalArgumentException} if there is a mistake. {@code changes} learns of each.
     */
    public ConfigReload(final ConfigView started, final Supplier<ReloadCandidate> again, final ChangeLog changes) {
        this.again = again;
        this.changes = changes;
        running = started;
    }

    /** What is in force. */
    public ConfigView running() {
        return running;
    }

    /** Reads, checks, and applies what it can. */
    public synchronized ReloadReport reload() {
        final ReloadCandidate read;
        final List<ConfigView.Change> differences;
        final Map<LivePart, LiveStep> steps = new EnumMap<>(LivePart.class);
        try {
            read = again.get();
            differences = running.changesTo(read.view());
            for (final LivePart part : LivePart.values()) {
                final LiveStep step = differences.stream().anyMatch(change -> part.covers(change.key()))
                    ? read.steps().get(part).get() : null;
                if (step != null) {
                    steps.put(part, step);
                }
            }
        } catch (final ConfigException | IllegalArgumentException e) {
            steps.values().forEach(LiveStep::discard);
            LOG.error("the configuration was read again and has mistakes, so nothing changes: {}", e.getMessage());
            changes.add(ChangeKind.CONFIG, null, "the configuration was read again and has mistakes, so nothing "
                + "changes: " + e.getMessage());
            return ReloadReport.refused(e.getMessage());
        }
        final List<ConfigView.Change> applied = new ArrayList<>();
        final List<ConfigView.Change> restart = new ArrayList<>();
        differences.forEach(change -> (isIn(steps, change.key()) ? applied : restart).add(change));
        steps.values().forEach(LiveStep::apply);
        running = running.with(read.view(), key -> isIn(steps, key));
        log(applied, restart);
        return new ReloadReport(null, applied, restart);
    }

    private static boolean isIn(final Map<LivePart, LiveStep> steps, final String key) {
        return steps.entrySet().stream().anyMatch(each -> each.getKey().covers(key) && each.getValue().covers(key));
    }

    private void log(final List<ConfigView.Change> applied, final List<ConfigView.Change> restart) {
        if (applied.isEmpty() && restart.isEmpty()) {
            LOG.info("the configuration was read again: nothing has changed");
            changes.add(ChangeKind.CONFIG, null, "read again: nothing has changed");
        }
        applied.forEach(each -> {
            LOG.info("the configuration was read again: {}", each);
            changes.add(ChangeKind.CONFIG, each.key(), "read again: " + each);
        });
        restart.forEach(each -> {
            LOG.warn("the configuration was read again: {}; this needs a restart", each);
            changes.add(ChangeKind.CONFIG, each.key(), "read again: " + each + "; this needs a restart");
        });
    }
}
