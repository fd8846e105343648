package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
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
import penstock.server.limit.ConnectionLimits;

/** A relay of 20,000 topics whose clients ask for more bytes, connections and work than it has. */
@Tag("slow")
@Tag("gate")
@Tag("alone")
class OverloadTest {
    /** The default of limits.work-per-second. */
    private static final double WORK_PER_SECOND = 200_000;
    private static final int TOPICS = 20_000;

    @TempDir
    private static Path folder;
    private static FeedServer venue;
    private static IdleRelay control;

    @BeforeAll
    static void start() throws IOException {
        venue = FeedServer.start(0, new ManyQuotes(TOPICS));
        control = new IdleRelay(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        control.close();
        venue.close();
    }

    /** Each asks for other fields, so that no two answers are the same. */
    @Test
    void shouldRefuseAnswersThatClientsDoNotReadBeyondItsMemory() throws Exception {
        try (OverloadedRelay relay = relay("limits.work-per-second=0")) {
            // topics learn their fields with the first request for some
            assertThat(get(relay, "/v1/snapshot?fields=sent,bid").statusCode()).isEqualTo(200);
            relay.withstand(() -> {
                HostileClient last = null;
                for (int i = 0; i < 320; i++) {
                    last = relay.connect(2048);
                    last.write(HostileClient.ascii("GET /v1/snapshot?fields=sent,bid,f" + i
                        + " HTTP/1.1\r\nHost: localhost\r\n\r\n"));
                }
                await("answers").atMost(OverloadedRelay.LIMIT)
                    .until(() -> relay.process.metric("penstock_responses_refused_total") > 0);
                for (int i = 0; i < 20; i++) {
                    assertThat(memory(relay, "responses")).isLessThanOrEqualTo(16 * OverloadedRelay.MIB);
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                }
                assertThat(last.readHead()).startsWith("HTTP/1.1 503 ").contains("Retry-After: 2");
            });
            assertThat(memory(relay, "responses")).isZero();
        }
    }

    @Test
    void shouldRefuseSnapshotsBeyondTheWorkOfOneAddress() throws Exception {
        try (OverloadedRelay relay = relay()) {
            relay.withstand(() -> {
                int served = 0;
                int refused = 0;
                final long beganNs = System.nanoTime();
                for (int i = 0; i < 240; i++) {
                    final HttpResponse<String> answer = get(relay, "/v1/snapshot?symbols=*,X" + i % 7 + "*");
                    served += answer.statusCode() == 200 ? 1 : 0;
                    refused += answer.statusCode() == 429 ? 1 : 0;
                    assertThat(answer.statusCode() == 200 ? answer.body() : answer.headers().firstValue("Retry-After")
                        .orElse("")).isNotEmpty();
                    awaitPart(beganNs, i + 1, 120);
                }
                assertThat(served).isPositive();
                assertThat(served + refused).isEqualTo(240);
                assertThat(refused).isGreaterThan(100);
            });
        }
    }

    /** Patterns that match nothing, 49 in a request: each is compared with every symbol. */
    @Test
    void shouldRefusePatternsBeyondTheWorkOfOneAddress() throws Exception {
        try (OverloadedRelay relay = relay()) {
            relay.withstand(() -> {
                final List<HostileClient> sessions = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    sessions.add(relay.session());
                }
                int refused = 0;
                final long beganNs = System.nanoTime();
                for (int i = 0; i < 196; i++) {
                    final StringBuilder globs = new StringBuilder();
                    for (int j = 0; j < 49; j++) {
                        globs.append(j == 0 ? "\"" : ",\"").append("*X").append(i).append('Y').append(j).append("*\"");
                    }
                    final String answer = sessions.get(i % sessions.size()).ask("{\"op\":\"subscribe\",\"sub\":\"s"
                        + i / sessions.size() + "\",\"symbols\":[" + globs + "]}");
                    refused += answer.contains("\"status\":429") ? 1 : 0;
                    assertThat(answer).containsAnyOf("\"type\":\"ack\"", "\"rate_limited\"");
                    awaitPart(beganNs, i + 1, 98);
                }
                final double seconds = (System.nanoTime() - beganNs) / 1e9;
                assertThat(196 - refused).as("served, with two seconds' worth saved up").isPositive()
                    .isLessThanOrEqualTo((int) (WORK_PER_SECOND * (seconds + 2) / (0.01 * 49 * TOPICS)) + 1);
            });
        }
    }

    /** Each sends a frame's header and nearly all of its payload. */
    @Test
    void shouldCutTheOldestHalfMessagesBeyondItsMemory() throws Exception {
        // each takes a descriptor of this process and of the relay
        final int count = (int) Math.min(7_422, ConnectionLimits.maxDescriptors() - 1_000);
        try (OverloadedRelay relay = relay()) {
            relay.withstand(() -> {
                final byte[] half = new byte[65_009];
                half[0] = (byte) 0x81;
                half[1] = (byte) 0xfe;
                half[2] = (byte) (65_500 >> 8);
                half[3] = (byte) (65_500 & 0xff);
                HostileClient first = null;
                for (int i = 0; i < count; i++) {
                    final HostileClient client = relay.session();
                    client.write(half);
                    first = first == null ? client : first;
                }
                assertThat(memory(relay, "partial-messages")).isBetween(1L, 16 * OverloadedRelay.MIB);
                assertThat(relay.process.metric("penstock_half_messages_cut_total")).isGreaterThan(count - 1_000);
                assertThat(first.readClose()).startsWith("close 1013 ");
                assertThat(relay.process.metric("penstock_sessions_ended_total{code=\"RM\"}"))
                    .isGreaterThan(count - 1_000);
            });
            assertThat(memory(relay, "partial-messages")).isLessThan(64 * 1024);
        }
    }

    /** They connect and send nothing, so each new one takes the place of the oldest. */
    @Test
    void shouldAnswerWithManyMoreConnectionsThanItHasDescriptors() throws Exception {
        final RelayProcess process =
            RelayProcess.startWithDescriptors(200, OverloadedRelay.arguments(folder, venue, "json"));
        try (OverloadedRelay relay = new OverloadedRelay(process, control)) {
            relay.awaitTopics(TOPICS);
            relay.withstand(() -> {
                for (int i = 0; i < 800; i++) {
                    relay.connect();
                }
                try (HostileClient refused = new HostileClient(process.port)) {
                    refused.write(HostileClient.handshake("/v1/ws"));
                    assertThat(refused.readHead()).startsWith("HTTP/1.1 503 ").contains("Retry-After: 5");
                }
            });
            await("room").atMost(Duration.ofSeconds(2)).ignoreExceptions().until(() -> {
                try (HostileClient client = new HostileClient(process.port)) {
                    client.write(HostileClient.handshake("/v1/ws"));
                    return client.readHead().startsWith("HTTP/1.1 101 ");
                }
            });
            process.terminate(8_000);
            assertThat(process.printed()).noneMatch(line -> line.contains("Too many open files"))
                .anyMatch(line -> line.contains("WARN") && line.contains("server.max-sessions = 20000 does not fit the "
                    + "limit of 200 open files: "));
        }
    }

    private static OverloadedRelay relay(final String... settings) throws IOException {
        final OverloadedRelay relay =
            new OverloadedRelay(OverloadedRelay.process(folder, venue, settings), control);
        relay.awaitTopics(TOPICS);
        return relay;
    }

    /** Waits until so many parts of a second, each 1/{@code perSecond}, are over. */
    private static void awaitPart(final long beganNs, final int parts, final int perSecond) {
        LockSupport.parkNanos(beganNs + parts * TimeUnit.SECONDS.toNanos(1) / perSecond - System.nanoTime());
    }

    private static long memory(final OverloadedRelay relay, final String use) throws Exception {
        return relay.process.metric("penstock_memory_bytes{use=\"" + use + "\"}");
    }

    private static HttpResponse<String> get(final OverloadedRelay relay, final String target) throws Exception {
        return relay.process.get(relay.process.port, target);
    }
}
