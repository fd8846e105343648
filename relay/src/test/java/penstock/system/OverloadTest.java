package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedServer;

/**
 * A relay as a process of its own, with the heap and the io thread of a small machine and 20,000 topics. Clients ask
 * for more than it has: each of them is told, another session's updates come in time, and the heap is what it was.
 */
@Tag("slow")
class OverloadTest {
    private static final int TOPICS = 20_000;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long MIB = 1 << 20;
    private static final Duration TIMELY = Duration.ofMillis(50);

    @TempDir
    private static Path folder;
    private static FeedServer venue;

    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        venue = FeedServer.start(0, new ManyQuotes(TOPICS));
        Files.writeString(folder.resolve("relay.conf"), "feed { venue = json, url = \"" + venue.url("/")
            + "\" }\nserver { io-threads = 1, public-metrics = true }\n");
    }

    @AfterAll
    static void stop() {
        venue.close();
    }

    /** Each asks for other fields, so that no two answers are the same. */
    @Test
    void shouldRefuseAnswersThatClientsDoNotReadBeyondItsMemory() throws Exception {
        try (RelayProcess relay = relay("limits.work-per-second=0"); PulseClient pulse = new PulseClient(relay.port)) {
            awaitTopics(relay);
            // topics learn their fields with the first request for some
            assertThat(get(relay, "/v1/snapshot?fields=sent,bid").statusCode()).isEqualTo(200);
            final long heapBefore = heapAfterGc(relay);
            final Duration calm = calmDelay(pulse);
            pulse.measure();
            final List<HostileClient> clients = new ArrayList<>();
            for (int i = 0; i < 320; i++) {
                final HostileClient client = new HostileClient(relay.port, 2048);
                client.write(HostileClient.ascii("GET /v1/snapshot?fields=sent,bid,f" + i
                    + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
                clients.add(client);
            }
            await("answers").atMost(LIMIT).until(() -> metric(relay, "penstock_responses_refused_total") > 0);
            for (int i = 0; i < 20; i++) {
                assertThat(metric(relay, "penstock_memory_bytes{use=\"responses\"}")).isLessThanOrEqualTo(16 * MIB);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            assertThat(pulse.delay()).as("delay of updates").isLessThan(calm.plus(TIMELY));
            final String last = clients.get(clients.size() - 1).readHead();
            assertThat(last).startsWith("HTTP/1.1 503 ").contains("Retry-After: 2");
            for (final HostileClient client : clients) {
                client.reset();
            }
            await("memory").atMost(LIMIT).until(() -> metric(relay, "penstock_memory_bytes{use=\"responses\"}") == 0);
            assertThat(heapAfterGc(relay) - heapBefore).isLessThan(8 * MIB);
        }
    }

    @Test
    void shouldServeAnotherSessionInTimeWhileOneAddressAsksForTooMuch() throws Exception {
        try (RelayProcess relay = relay("limits.work-per-second=200000");
             PulseClient pulse = new PulseClient(relay.port)) {
            awaitTopics(relay);
            final long heapBefore = heapAfterGc(relay);
            final Duration calm = calmDelay(pulse);
            pulse.measure();
            int served = 0;
            int refused = 0;
            final long beganNs = System.nanoTime();
            for (int i = 0; i < 240; i++) {
                final HttpResponse<String> answer = get(relay, "/v1/snapshot?symbols=*,X" + i % 7 + "*");
                served += answer.statusCode() == 200 ? 1 : 0;
                refused += answer.statusCode() == 429 ? 1 : 0;
                assertThat(answer.statusCode() == 200 ? answer.body() : answer.headers().firstValue("Retry-After")
                    .orElse("")).isNotEmpty();
                LockSupport.parkNanos(beganNs + (i + 1) * TimeUnit.SECONDS.toNanos(1) / 120 - System.nanoTime());
            }
            assertThat(served).isPositive();
            assertThat(served + refused).isEqualTo(240);
            assertThat(refused).isGreaterThan(150);
            assertThat(pulse.delay()).as("delay of updates").isLessThan(calm.plus(TIMELY));
            assertThat(heapAfterGc(relay) - heapBefore).isLessThan(8 * MIB);
        }
    }

    /** Each sends a frame's header and nearly all of its payload. */
    @Test
    void shouldCutTheOldestHalfMessagesBeyondItsMemory() throws Exception {
        try (RelayProcess relay = relay(); PulseClient pulse = new PulseClient(relay.port)) {
            awaitTopics(relay);
            final long heapBefore = heapAfterGc(relay);
            final Duration calm = calmDelay(pulse);
            pulse.measure();
            final byte[] half = new byte[65_009];
            half[0] = (byte) 0x81;
            half[1] = (byte) 0xfe;
            half[2] = (byte) (65_500 >> 8);
            half[3] = (byte) (65_500 & 0xff);
            final List<HostileClient> clients = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                final HostileClient client = HostileClient.upgraded(relay.port, "/v1/ws");
                client.write(half);
                clients.add(client);
            }
            assertThat(metric(relay, "penstock_memory_bytes{use=\"partial-messages\"}")).isBetween(1L, 16 * MIB);
            assertThat(metric(relay, "penstock_half_messages_cut_total")).isGreaterThan(1_000);
            assertThat(clients.get(0).readClose()).startsWith("close 1013 ");
            assertThat(pulse.delay()).as("delay of updates").isLessThan(calm.plus(TIMELY));
            for (final HostileClient client : clients) {
                client.reset();
            }
            await("memory").atMost(LIMIT)
                .until(() -> metric(relay, "penstock_memory_bytes{use=\"partial-messages\"}") < 64 * 1024);
            await("sessions").atMost(LIMIT).until(() -> metric(relay, "penstock_sessions ") == 1);
            assertThat(heapAfterGc(relay) - heapBefore).isLessThan(8 * MIB);
        }
    }

    /** They connect and send nothing, so each new one takes the place of the oldest. */
    @Test
    void shouldAnswerWithManyMoreConnectionsThanItHasDescriptors() throws Exception {
        try (RelayProcess relay = RelayProcess.startWithDescriptors(200, "run", "-c",
            folder.resolve("relay.conf").toString())) {
            final List<Socket> silent = new ArrayList<>();
            for (int i = 0; i < 800; i++) {
                silent.add(new Socket(InetAddress.getLoopbackAddress(), relay.port));
            }
            final long beganNs = System.nanoTime();
            assertThat(get(relay, "/healthz").statusCode()).isEqualTo(200);
            try (HostileClient refused = new HostileClient(relay.port)) {
                refused.write(HostileClient.handshake("/v1/ws"));
                assertThat(refused.readHead()).startsWith("HTTP/1.1 503 ").contains("Retry-After: 5");
            }
            assertThat(System.nanoTime() - beganNs).isLessThan(TimeUnit.SECONDS.toNanos(1));
            for (final Socket each : silent) {
                each.close();
            }
            await("room").atMost(Duration.ofSeconds(2)).ignoreExceptions().until(() -> {
                try (HostileClient client = new HostileClient(relay.port)) {
                    client.write(HostileClient.handshake("/v1/ws"));
                    return client.readHead().startsWith("HTTP/1.1 101 ");
                }
            });
            relay.terminate(8_000);
            assertThat(relay.rest()).noneMatch(line -> line.contains("Too many open files"));
        }
    }

    private static RelayProcess relay(final String... settings) throws IOException {
        final List<String> arguments = new ArrayList<>(List.of("run", "-c", folder.resolve("relay.conf").toString()));
        for (final String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        return RelayProcess.start(arguments.toArray(String[]::new));
    }

    private void awaitTopics(final RelayProcess relay) {
        await("topics").atMost(LIMIT).until(() -> metric(relay, "penstock_topics") == TOPICS);
    }

    /** On a machine that does other things too, updates are late by themselves. */
    private static Duration calmDelay(final PulseClient pulse) {
        pulse.measure();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
        return pulse.delay();
    }

    /** The least of several looks: requests that are under way leave garbage behind. */
    private long heapAfterGc(final RelayProcess relay) throws Exception {
        final String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            assertThat(new ProcessBuilder(jcmd, Long.toString(relay.process.pid()), "GC.run").start().waitFor())
                .isZero();
            least = Math.min(least, metric(relay, "jvm_heap_used_bytes"));
        }
        return least;
    }

    private long metric(final RelayProcess relay, final String name) throws Exception {
        return get(relay, "/metrics").body().lines().filter(line -> line.startsWith(name))
            .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    private HttpResponse<String> get(final RelayProcess relay, final String target) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.port + target)).build(),
            HttpResponse.BodyHandlers.ofString());
    }
}
