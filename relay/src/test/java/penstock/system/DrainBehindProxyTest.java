package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.client.BrokenLedger;
import penstock.client.ClientListener;
import penstock.client.ClientOptions;
import penstock.client.GridTerms;
import penstock.client.PenstockClient;
import penstock.client.PriceGrid;
import penstock.client.RefusedException;
import penstock.client.SessionState;
import penstock.client.SessionState.Phase;
import penstock.client.ValueState;
import penstock.client.socket.JdkTransport;
import penstock.testkit.Patience;

/**
 * Two relays behind HAProxy with the file that is shipped for it: one of them is drained over half a minute, and its
 * thousand sessions go on at the other one.
 */
@Tag("gate")
@Tag("alone")
@Timeout(Patience.TEST_SECONDS)
class DrainBehindProxyTest {
    private static final int SESSIONS = 1_000;
    private static final int OVER_SECONDS = 30;
    private static final String SYMBOL = "EURUSD";

    private final HttpClient http = HttpClient.newBuilder().sslContext(ProxyProcess.AUTHORITY.context(null)).build();
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final List<Desk> desks = new ArrayList<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    private volatile boolean isDraining;
    @TempDir
    private Path folder;

    /** A client, and what it has heard. */
    private final class Desk implements ClientListener {
        private final PenstockClient client;
        private final PriceGrid grid;
        private volatile boolean hasResumed;
        /** When it was back; 0: it was not away. */
        private volatile long returnedNs;

        Desk(final int port) {
            client = PenstockClient.connect("wss://localhost:" + port,
                ClientOptions.on(executor).transport(new JdkTransport(http)).listener(this));
            grid = client.quotes(GridTerms.of(SYMBOL).interval(1_000), frame -> { });
        }

        @Override
        public void onState(final SessionState state) {
            if (state.phase() == Phase.OPEN && isDraining && returnedNs == 0) {
                returnedNs = System.nanoTime();
            } else if (state.phase() == Phase.CLOSED) {
                faults.add("closed: " + state);
            }
        }

        @Override
        public void onRequest(final String text) {
            hasResumed |= isDraining && text.contains("\"resume\":{");
        }

        @Override
        public void onBroken(final BrokenLedger broken) {
            faults.add(broken.toString());
        }

        @Override
        public void onError(final RefusedException error) {
            faults.add(error.toString());
        }
    }

    @AfterEach
    void stop() {
        desks.forEach(each -> each.client.close());
        executor.shutdown();
    }

    @Test
    void shouldMoveAThousandSessionsEvenlyToTheOtherRelay() throws Exception {
        final int spare = ProxyProcess.freePort();
        try (RelayProcess first = relay(0);
             ProxyProcess proxy = ProxyProcess.start("haproxy", first.port, spare, folder)) {
            await("HAProxy takes the relay for ready").atMost(Patience.LIMIT).ignoreExceptions().until(() -> http.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + proxy.port + "/readyz")).build(),
                BodyHandlers.discarding()).statusCode() == 200);
            for (int i = 0; i < SESSIONS; i++) {
                desks.add(new Desk(proxy.port));
            }
            await("sessions").atMost(Duration.ofSeconds(2 * Patience.SECONDS)).until(() -> open(first) == SESSIONS);
            await("values").atMost(Patience.LIMIT)
                .until(() -> desks.stream().allMatch(each -> each.grid.ready().isDone()));

            try (RelayProcess second = relay(spare)) {
                isDraining = true;
                assertThat(post(first, "/admin/v1/drain?over=" + OVER_SECONDS + "s").get("draining").asBoolean())
                    .isTrue();
                await("the drain").atMost(Duration.ofSeconds(OVER_SECONDS + Patience.SECONDS))
                    .until(() -> open(first) == 0);
                await("all are back").atMost(Patience.LIMIT).until(() -> open(second) == SESSIONS);
                await("live values").atMost(Patience.LIMIT).until(() -> desks.stream().allMatch(this::isLive));
                assertThat(faults).isEmpty();
                assertThat(desks).as("each says how far it was").allMatch(each -> each.hasResumed);
                assertEven(desks.stream().mapToLong(each -> each.returnedNs).sorted().toArray());
            }
        }
    }

    private static RelayProcess relay(final int port) throws IOException {
        return RelayProcess.start("demo", "--set", "server.port=" + port, "--set",
            "server.public-metrics=false");
    }

    private static int open(final RelayProcess relay) throws Exception {
        return new ObjectMapper().readTree(relay.get(relay.adminPort, "/admin/v1/drain").body()).get("open").asInt();
    }

    private JsonNode post(final RelayProcess relay, final String target) throws Exception {
        return new ObjectMapper().readTree(http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + relay.adminPort + target)).POST(HttpRequest.BodyPublishers.noBody())
            .build(), BodyHandlers.ofString()).body());
    }

    private boolean isLive(final Desk desk) {
        return CompletableFuture.supplyAsync(
            () -> desk.grid.get(SYMBOL).state() == ValueState.LIVE, desk.client::execute).join();
    }

    /** In any second at most twice as many come back as on average. */
    private static void assertEven(final long[] times) {
        final long windowNs = TimeUnit.SECONDS.toNanos(1);
        int most = 0;
        int first = 0;
        for (int last = 0; last < times.length; last++) {
            while (times[last] - times[first] > windowNs) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        final double mean = (double) times.length / OVER_SECONDS;
        System.out.printf("reconnects a second: %.1f on average, %d at most; the last %.1f s after the first%n",
            mean, most, (times[times.length - 1] - times[0]) * 1e-9);
        assertThat((double) most).isLessThanOrEqualTo(2 * mean);
    }
}
