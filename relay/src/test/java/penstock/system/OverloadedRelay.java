package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import penstock.replay.FeedServer;

/**
 * A relay as a process of its own, with the heap as shipped and one io thread. Some clients ask for more than it has;
 * a good client, a supervisor and the operator are served meanwhile, and nothing of it stays. One thread.
 */
final class OverloadedRelay implements AutoCloseable {
    static final long MIB = 1 << 20;
    static final Duration LIMIT = Duration.ofSeconds(20);
    /** Several large requests of several sessions follow each other on the io thread, in code that is not warm. */
    static final Duration LARGE_REQUESTS = Duration.ofMillis(250);
    private static final Duration TIMELY = Duration.ofMillis(50);
    private static final Duration ANSWERED = Duration.ofSeconds(1);
    private static final long HEAP_KEPT = 8 * MIB;

    /** What the greedy clients do; it asserts that they were refused what is too much. */
    interface Attack {
        void run() throws Exception;
    }

    final RelayProcess process;
    private final IdleRelay control;
    private final PulseClient pulse;
    private final HealthProbe health;
    private final List<HostileClient> clients = new ArrayList<>();

    OverloadedRelay(final RelayProcess process, final IdleRelay control) throws IOException {
        this.process = process;
        this.control = control;
        pulse = new PulseClient(process);
        health = new HealthProbe(process);
    }

    /** A relay of {@code venue}. */
    static RelayProcess process(final Path folder, final FeedServer venue, final String... settings)
            throws IOException {
        return RelayProcess.start(arguments(folder, venue, "json", settings));
    }

    /** What starts a relay at {@code venue} by the rules of {@code file}. */
    static String[] arguments(final Path folder, final FeedServer venue, final String file, final String... settings)
            throws IOException {
        final Path config = Files.createTempFile(folder, "relay", ".conf");
        Files.writeString(config, "feed { venue = \"" + file + "\", url = \"" + venue.url("/")
            + "\" }\nserver.io-threads = 1\n");
        final List<String> arguments = new ArrayList<>(List.of("run", "-c", config.toString()));
        for (final String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        return arguments.toArray(String[]::new);
    }

    void awaitTopics(final int topics) {
        await("topics").atMost(LIMIT).until(() -> process.metric("penstock_topics") == topics);
    }

    /** A client that has connected. */
    HostileClient connect() throws IOException {
        return connect(0);
    }

    /** One with a small receive buffer. */
    HostileClient connect(final int receiveBytes) throws IOException {
        return kept(new HostileClient(process.port, receiveBytes));
    }

    /** A client with a session. */
    HostileClient session() throws IOException {
        return kept(HostileClient.upgraded(process.port, "/v1/ws"));
    }

    /** Fails unless the attack harms only those who take part in it. */
    void withstand(final Attack attack) throws Exception {
        withstand(attack, TIMELY);
    }

    /** With a bar of its own for the lateness of the good client's updates. */
    void withstand(final Attack attack, final Duration timely) throws Exception {
        final long heapBefore = process.heapAfterGc();
        control.pulse.measure();
        pulse.measure();
        health.measure();
        attack.run();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        assertThat(process.process.isAlive()).isTrue();
        assertThat(pulse.lateness(control.pulse)).as("lateness of updates").isLessThanOrEqualTo(timely);
        health.assertAnsweredWithin(ANSWERED);
        for (final HostileClient client : clients) {
            client.reset();
        }
        await("sessions").atMost(LIMIT).until(() -> process.metric("penstock_sessions") == 1);
        // the watch of a half message lets go of its socket after 10 s
        await("heap that is given back").atMost(LIMIT).pollInterval(Duration.ofMillis(500))
            .until(() -> process.heapAfterGc() - heapBefore <= HEAP_KEPT);
    }

    @Override
    public void close() throws IOException {
        health.close();
        pulse.close();
        process.close();
    }

    private HostileClient kept(final HostileClient client) {
        clients.add(client);
        return client;
    }
}
