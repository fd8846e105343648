package penstock.server.admin;

import java.util.List;
import penstock.config.relay.ConfigView;

/**
 * What became of a configuration that was read again. Immutable.
 *
 * @param problem why nothing was changed; null if the configuration is good
 * @param applied what is in force now
 * @param restart what needs a restart to be in force
 */
public record ReloadReport(String problem, List<ConfigView.Change> applied, List<ConfigView.Change> restart) {
    /** Nothing was changed. */
    public static ReloadReport refused(final String problem) {
        return new ReloadReport(problem, List.of(), List.of());
    }
}
