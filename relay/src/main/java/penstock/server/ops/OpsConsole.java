package penstock.server.ops;

import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.xnio.XnioIoThread;
import penstock.changes.ChangeKind;
import penstock.changes.ChangeLog;
import penstock.config.relay.RelayConfig;
import penstock.identity.AccessControl;
import penstock.server.RelayServer;
import penstock.telemetry.ErrorLog;
import penstock.text.Version;

/**
 * The operator's page at {@code /ops} with its channel, and what makes it: a thread that looks at the relay twice a
 * second, and publishes what it sees while a page is open.
 *
 * <p>Started and closed by one thread, not an io thread.
 */
public final class OpsConsole implements AutoCloseable {
    /** The path of the page. */
    public static final String PATH = "/ops";
    /** The path of the page that computes how many machines are needed. */
    static final String SIZING = "/sizing";
    /** What the page loads, as paths of the listener: the client, and what it shares with the page at {@code /}. */
    static final List<String> FILES = List.of("penstock.js", "penstock-rows.js", "penstock-sse.js", "penstock-share.js",
        "page/theme.css", "page/format.js", "ops/ops.css", "ops/main.js", "ops/api.js", "ops/changes.js",
        "ops/curves.js", "ops/drain.js", "ops/elements.js", "ops/feeds.js", "ops/findings.js", "ops/relays.js",
        "ops/sessions.js", "ops/theme.js", "ops/traffic.js");

    private static final long EVERY_MS = 500;
    private static final long CLOSE_WITHIN_MS = 200;

    /** Null without an operator's listener, as are those behind it. */
    private final MetricsShards shards;
    private final RelayMetrics metrics;
    private final ChangeWatch watch;
    private final ErrorLog errors;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, task -> {
        final Thread created = new Thread(task, "ops");
        created.setDaemon(true);
        return created;
    });

    /**
     * Adds the page to {@code server}, whose io threads are {@code threads}, if there is an operator's listener. Before
     * the start of both.
     */
    public OpsConsole(final RelayServer server, final List<XnioIoThread> threads, final RelayConfig config,
            final RelayReadings relay, final ChangeLog changes) {
        errors = relay.telemetry().errors();
        changes.add(ChangeKind.RELAY, null, "started, version " + Version.TEXT);
        if (!config.admin().enabled()) {
            shards = null;
            metrics = null;
            watch = null;
            return;
        }
        final AccessControl access = OperatorAccess.of(config.admin().token());
        final long nowMs = System.currentTimeMillis();
        shards = new MetricsShards(threads, config, errors, access, nowMs);
        shards.addTo(server, access);
        server.addPage(PATH, "ops.html", FILES);
        server.addPage(SIZING, "sizing.html", List.of());
        metrics = new RelayMetrics(relay, changes, shards.publisher(), System.nanoTime(), nowMs);
        watch = new ChangeWatch(relay, changes);
    }

    /** Begins to look. */
    public void start() {
        if (shards != null) {
            shards.start();
            thread.scheduleWithFixedDelay(this::look, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        try {
            final long nowNs = System.nanoTime();
            watch.look();
            metrics.mark(nowNs);
            if (shards.isWatched()) {
                metrics.publish(nowNs, System.currentTimeMillis());
            }
        } catch (final RuntimeException | Error e) {
            errors.record("the figures for the operator's page failed", e);
        }
    }

    /** Closes the sessions of its pages; they come back. */
    @Override
    public void close() {
        thread.shutdownNow();
        if (shards != null) {
            shards.drain(CLOSE_WITHIN_MS);
        }
    }
}
