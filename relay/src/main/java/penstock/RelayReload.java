package penstock;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.ConfigException;
import penstock.config.relay.ConfigView;
import penstock.server.RelayServer;
import penstock.server.admin.ReloadReport;
import penstock.telemetry.Telemetry;

/**
 * Reads the configuration of a running relay again: all of it is checked as at a start, then what can change at run
 * time changes, and the log says what else needs a restart. A configuration with a mistake changes nothing. Keys of
 * clients and certificates follow their files by themselves. Any thread; one reload at a time.
 */
final class RelayReload {
    private static final Logger LOG = LoggerFactory.getLogger(RelayReload.class);
    /** What changes at run time. */
    private static final Set<String> LIVE = Set.of("server.allowed-origins", "server.host-names");

    private final ConfigOptions.Loaded started;
    private final RelayServer server;
    private volatile ConfigView running;

    /** Of a relay that was started with {@code started}. */
    RelayReload(final ConfigOptions.Loaded started, final RelayServer server) {
        this.started = started;
        this.server = server;
        running = started.view();
    }

    /** What is in force. */
    ConfigView running() {
        return running;
    }

    /** Reads, checks, and applies what it can. */
    synchronized ReloadReport reload() {
        final ConfigOptions.Loaded read;
        try {
            read = started.again().get();
            // throws if they do not fit together
            new RelayPlan(read.config(), read.venues());
            // throws if the clients' keys cannot be read
            RelayAccess.of(read.config(), new Telemetry(), Clock.systemUTC()).close();
        } catch (final ConfigException | IllegalArgumentException e) {
            LOG.error("the configuration was read again and has mistakes, so nothing changes: {}", e.getMessage());
            return ReloadReport.refused(e.getMessage());
        }
        final List<ConfigView.Change> applied = new ArrayList<>();
        final List<ConfigView.Change> restart = new ArrayList<>();
        running.changesTo(read.view()).forEach(each -> (LIVE.contains(each.key()) ? applied : restart).add(each));
        if (!applied.isEmpty()) {
            server.follow(read.config().server().edge());
            running = running.with(read.view(), LIVE);
        }
        log(applied, restart);
        return new ReloadReport(null, applied, restart);
    }

    private static void log(final List<ConfigView.Change> applied, final List<ConfigView.Change> restart) {
        if (applied.isEmpty() && restart.isEmpty()) {
            LOG.info("the configuration was read again: nothing has changed");
        }
        applied.forEach(each -> LOG.info("the configuration was read again: {}", each));
        restart.forEach(each -> LOG.warn("the configuration was read again: {}; this needs a restart", each));
    }
}
