package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A supervisor and an operator who ask again and again, each time by a connection of its own, whether the relay lives.
 * Its own thread asks; any thread may read the result.
 */
final class HealthProbe implements AutoCloseable {
    private static final long EVERY_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final RelayProcess relay;
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private volatile int asked;
    private volatile long slowestNs;
    private volatile boolean isClosed;

    HealthProbe(final RelayProcess relay) {
        this.relay = relay;
        final Thread thread = new Thread(this::run, "health");
        thread.setDaemon(true);
        thread.start();
    }

    /** Measures from now on. */
    void measure() {
        slowestNs = 0;
        asked = 0;
    }

    /** Every answer since {@link #measure} was a good one, and none took longer. */
    void assertAnsweredWithin(final Duration limit) {
        assertThat(failures).isEmpty();
        assertThat(asked).as("answers").isPositive();
        assertThat(Duration.ofNanos(slowestNs)).as("slowest answer").isLessThan(limit);
    }

    @Override
    public void close() {
        isClosed = true;
    }

    private void run() {
        while (!isClosed) {
            ask(relay.port, "/healthz");
            ask(relay.adminPort, "/healthz");
            ask(relay.adminPort, "/metrics");
            asked++;
            LockSupport.parkNanos(EVERY_NS);
        }
    }

    private void ask(final int port, final String target) {
        final long beganNs = System.nanoTime();
        String head;
        try (HostileClient client = new HostileClient(port)) {
            client.write(HostileClient.ascii("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
            head = client.readHead();
        } catch (final IOException e) {
            head = e.toString();
        }
        if (!head.startsWith("HTTP/1.1 200 ") && !isClosed) {
            failures.add((port == relay.port ? "subscribers' " : "operator's ") + target + ": " + head);
        }
        slowestNs = Math.max(slowestNs, System.nanoTime() - beganNs);
    }
}
