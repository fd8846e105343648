package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import penstock.replay.FeedServer;
import penstock.testkit.GoodClient;
import penstock.testkit.Patience;

/**
 * A relay as a process of its own, with the heap as shipped and one io thread. Some clients ask for more than it has;
 * a good client, a supervisor and the operator are served meanwhile, and nothing of it stays. One thread.
 */
final class OverloadedRelay implements AutoCloseable {
    static final long MIB = 1 << 20;
    static final Duration LIMIT = Patience.LIMIT;
    private static final int WARM_UP_SESSIONS = 100;
    private static final int ATTEMPTS = 3;
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

    /**
     * What starts a relay at {@code venue} by the rules of {@code file}. It sends no pings: {@link HostileClient}
     * answers none, and an attack that takes 25 s would lose its first sessions, and what they hold.
     */
    static String[] arguments(final Path folder, final FeedServer venue, final String file, final String... settings)
            throws IOException {
        final Path config = Files.createTempFile(folder, "relay", ".conf");
        Files.writeString(config, "feed { venue = \"" + file + "\", url = \"" + venue.url("/")
            + "\" }\nserver.io-threads = 1\nfanout { ping-every = 30m, pong-within = 1h }\n");
        final List<String> arguments = new ArrayList<>(List.of("run", "-c", config.toString()));
        for (final String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        return arguments.toArray(String[]::new);
    }

    void awaitTopics(final int least) {
        await("topics").atMost(LIMIT).until(() -> process.metric("penstock_topics") >= least);
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

    /**
     * Fails unless the attack harms only those who take part in it. What the relay does to others it does each time;
     * what a busy machine does to the relay it does now and then: the best of {@value #ATTEMPTS} attacks counts.
     */
    void withstand(final Attack attack) throws Exception {
        warmUp();
        final long heapBefore = process.heapAfterGc();
        final List<Duration> lateness = new ArrayList<>(List.of(latenessDuring(attack)));
        while (lateness.size() < ATTEMPTS && Collections.min(lateness).compareTo(TIMELY) > 0) {
            end();
            // what the attack before left behind fills the heap during this one, and a collection of all of it takes
            // 60 ms and more: each attempt begins where the first one did
            process.heapAfterGc();
            lateness.add(latenessDuring(attack));
        }
        assertThat(Collections.min(lateness)).as("lateness of updates, the best of %s", lateness)
            .isLessThanOrEqualTo(TIMELY);
        end();
        GoodClient.assertServed(process.port);
        // the watch of a half message lets go of its socket after 10 s
        await("heap that is given back").atMost(LIMIT).pollInterval(Duration.ofMillis(500))
            .until(() -> process.heapAfterGc() - heapBefore <= HEAP_KEPT);
    }

    private Duration latenessDuring(final Attack attack) throws Exception {
        control.pulse.measure();
        pulse.measure();
        health.measure();
        attack.run();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        assertThat(process.process.isAlive()).isTrue();
        health.assertAnsweredWithin(ANSWERED);
        return pulse.lateness(control.pulse);
    }

    /** The attackers go. */
    private void end() throws IOException {
        for (final HostileClient client : clients) {
            client.reset();
        }
        clients.clear();
        awaitSessionsGone();
    }

    private void awaitSessionsGone() {
        await("sessions").atMost(LIMIT).until(() -> process.metric("penstock_sessions") == 1);
    }

    /** Sessions with large requests have come and gone before: the Java machine interprets code that has never run. */
    private void warmUp() throws IOException {
        final String symbols = texts("N", 1_000);
        final String fields = texts("f", 50);
        for (int i = 0; i < WARM_UP_SESSIONS; i++) {
            try (HostileClient client = HostileClient.upgraded(process.port, "/v1/ws")) {
                client.ask("{\"op\":\"subscribe\",\"sub\":\"n\",\"symbols\":[" + symbols + "]}");
                client.ask("{\"op\":\"subscribe\",\"sub\":\"f\",\"symbols\":[\"PULSE*\"],\"fields\":[" + fields
                    + "]}");
                client.ask("{\"op\":\"unsubscribe\",\"sub\":\"n\"}");
            }
        }
        awaitSessionsGone();
    }

    private static String texts(final String prefix, final int count) {
        return IntStream.range(0, count).mapToObj(i -> '"' + prefix + i + "x".repeat(100) + "\u20ac\"")
            .collect(Collectors.joining(","));
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
