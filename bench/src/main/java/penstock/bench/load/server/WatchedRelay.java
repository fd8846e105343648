package penstock.bench.load.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.LoadPlan;

/**
 * A relay whose operator looks at it once a second, as a page or a script does: its worst sessions, its feeds, how a
 * drain goes, and its metrics. Owned by the scenario's thread; a thread of its own asks.
 */
final class WatchedRelay {
    private static final List<String> ASKED =
        List.of("/admin/v1/sessions", "/admin/v1/feeds", "/admin/v1/drain", "/metrics");

    private final HttpClient operator = HttpClient.newHttpClient();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        final Thread thread = new Thread(task, "operator");
        thread.setDaemon(true);
        return thread;
    });
    private final int adminPort;
    private final ScheduledFuture<?> asking;

    /** Starts it, and begins to ask. */
    static RelayProcess start(final String name, final LoadPlan plan, final PacedFeed feed) throws IOException {
        final int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        final RelayProcess relay = new RelayProcess(name, RelayProcess.ENVELOPE, plan, feed,
            "admin { enabled = true, port = " + free + " }");
        return relay.beforeEnd(new WatchedRelay(free)::end);
    }

    private WatchedRelay(final int adminPort) {
        this.adminPort = adminPort;
        asking = clock.scheduleAtFixedRate(this::ask, 0, 1, TimeUnit.SECONDS);
    }

    private void ask() {
        for (final String path : ASKED) {
            final HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + path)).build();
            try {
                final int status = operator.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
                if (status != 200) {
                    throw new IllegalStateException(path + " answered " + status);
                }
            } catch (final IOException e) {
                throw new IllegalStateException(path, e);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Throws if the operator was not answered while the relay ran. */
    private void end() {
        final boolean hasFailed = asking.isDone();
        clock.shutdownNow();
        if (hasFailed) {
            throw new IllegalStateException("the operator was not answered");
        }
    }
}
