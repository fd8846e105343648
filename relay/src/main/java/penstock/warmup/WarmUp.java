package penstock.warmup;

import java.io.IOException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.server.RelayServer;

/**
 * The first request of each kind loads classes, and its code is interpreted, which holds its io thread for up to 30 ms.
 * So a thread makes some of each kind while the relay starts, in each way in which clients may come. It asks a server
 * on loopback with a shard and topics of its own, so that no counter, id or number of the relay knows of them. If that
 * fails, or takes longer than the relay waits, the first requests of clients take longer, and no more.
 *
 * <p>Begun and awaited by the thread that starts the relay.
 */
public final class WarmUp {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    /**
     * How the clients of the relay may come.
     *
     * @param isSecure        through TLS, and not without
     * @param isCompressed    with permessage-deflate, or without
     * @param isAuthenticated with a token, and products
     */
    public record Ways(boolean isSecure, boolean isCompressed, boolean isAuthenticated) {
    }

    private final Consumer<RelayServer> endpoints;
    private final Ways ways;
    private final Thread thread = new Thread(this::run, "warm-up");
    private volatile boolean isComplete;

    private WarmUp(final Consumer<RelayServer> endpoints, final Ways ways) {
        this.endpoints = endpoints;
        this.ways = ways;
        thread.setDaemon(true);
    }

    /** Begins; {@code endpoints} adds what the relay has beside the standard endpoints, for all {@code ways}. */
    public static WarmUp begin(final Consumer<RelayServer> endpoints, final Ways ways) {
        final WarmUp begun = new WarmUp(endpoints, ways);
        begun.thread.start();
        return begun;
    }

    /** Waits for the end, {@code mostMs} at most; returns whether all requests have been answered. */
    public boolean await(final long mostMs) {
        try {
            thread.join(mostMs);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return isComplete;
    }

    private void run() {
        try (WarmUpServer server = new WarmUpServer(endpoints, ways.isAuthenticated())) {
            server.publish();
            new WarmUpClient(server.port(), ways).askAll(server::publish);
            isComplete = true;
        } catch (final IOException | RuntimeException e) {
            LOG.info("warm-up: the first requests of clients will take some ms longer: {}", e.toString());
        }
    }
}
