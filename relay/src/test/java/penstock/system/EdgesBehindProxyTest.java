package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
 * Two relays behind HAProxy with the file that is shipped for edges on several machines: sessions spread, leave a relay
 * that is drained, evenly, come to the one that is started in its place, and leave one that is killed.
 */
@Tag("gate")
@Tag("alone")
@Timeout(2 * Patience.TEST_SECONDS)
class EdgesBehindProxyTest {
    private static final int SESSIONS = 200;
    private static final int OVER_SECONDS = 20;
    private static final String SYMBOL = "EURUSD";
    private static final String CLIENT = "127.0.0.2";

    private final HttpClient http = HttpClient.newHttpClient();
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final List<Desk> desks = new ArrayList<>();
    private final Queue<String> faults = new ConcurrentLinkedQueue<>();
    /** When each session that had left was back. */
    private final Queue<Long> returnedNs = new ConcurrentLinkedQueue<>();
    @TempDir
    private Path folder;

    /** A client, and what it has heard. */
    private final class Desk implements ClientListener {
        private final PenstockClient client;
        private final PriceGrid grid;
        private boolean wasOpen;

        Desk(final int port) {
            client = PenstockClient.connect("ws://localhost:" + port,
                ClientOptions.on(executor).transport(new JdkTransport(http)).listener(this));
            grid = client.quotes(GridTerms.of(SYMBOL).interval(1_000), frame -> { });
        }

        @Override
        public void onState(final SessionState state) {
            if (state.phase() == Phase.OPEN && wasOpen) {
                returnedNs.add(System.nanoTime());
            } else if (state.phase() == Phase.CLOSED) {
                faults.add("closed: " + state);
            }
            wasOpen |= state.phase() == Phase.OPEN;
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
    void shouldSpreadSessionsAndLeaveARelayThatIsDrainedOrKilled() throws Exception {
        try (RelayProcess second = relay(0)) {
            final int port;
            try (RelayProcess first = relay(0);
                 ProxyProcess proxy = ProxyProcess.startBeforeEdges(folder, first.port, second.port)) {
                port = proxy.port;
                await("HAProxy takes the relays for ready").atMost(Patience.LIMIT).until(() -> ready(port) == 200);
                connect(port, SESSIONS);
                awaitOpen(first, second, SESSIONS);
                assertThat(open(first)).as("half of the sessions").isBetween(SESSIONS * 4 / 10, SESSIONS * 6 / 10);
                assertAddressesOfClients(port, first, second);

                final int leaving = open(first);
                post(first, "/admin/v1/drain?over=" + OVER_SECONDS + "s");
                await("the drain").atMost(Duration.ofSeconds(OVER_SECONDS + Patience.SECONDS))
                    .until(() -> open(first) == 0);
                await("all are back").atMost(Patience.LIMIT).until(() -> open(second) == SESSIONS);
                assertEven(returnedNs.stream().mapToLong(Long::longValue).sorted().toArray(), leaving);
                connect(port, 20);
                awaitOpen(first, second, SESSIONS + 20);
                assertThat(open(first)).as("new sessions at the drained relay").isZero();
                awaitLive();

                first.signal("TERM");
                first.process.waitFor();
                try (RelayProcess next = relay(first.port)) {
                    await("new sessions come to the relay in its place").atMost(Patience.LIMIT).until(() -> {
                        connect(port, 1);
                        return open(next) > 0;
                    });
                    second.signal("KILL");
                    second.process.waitFor();
                    await("all leave the killed relay").atMost(Patience.LIMIT)
                        .until(() -> open(next) == desks.size());
                    awaitLive();
                    assertThat(faults).isEmpty();
                }
            }
        }
    }

    private void connect(final int port, final int count) {
        for (int i = 0; i < count; i++) {
            desks.add(new Desk(port));
        }
    }

    private static void awaitOpen(final RelayProcess first, final RelayProcess second, final int count) {
        await("sessions").atMost(Patience.LIMIT).until(() -> open(first) + open(second) == count);
    }

    private void awaitLive() {
        await("live values").atMost(Patience.LIMIT).until(() -> desks.stream().allMatch(this::isLive));
    }

    private boolean isLive(final Desk desk) {
        return CompletableFuture.supplyAsync(
            () -> desk.grid.get(SYMBOL).state() == ValueState.LIVE, desk.client::execute).join();
    }

    /** The relay knows a client by its own address, not by that of HAProxy, nor by what it claims. */
    private static void assertAddressesOfClients(final int port, final RelayProcess... relays) throws Exception {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(CLIENT, 0));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout((int) Patience.LIMIT.toMillis());
            socket.getOutputStream().write(("GET /v1/sse?symbols=" + SYMBOL + " HTTP/1.1\r\nHost: localhost:" + port
                + "\r\nX-Forwarded-For: 10.9.9.9\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            final BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(in.readLine()).contains("200");
            int matched = 0;
            for (final RelayProcess relay : relays) {
                matched += new ObjectMapper().readTree(
                    relay.get(relay.adminPort, "/admin/v1/sessions?address=" + CLIENT).body()).get("matched").asInt();
            }
            assertThat(matched).isEqualTo(1);
        }
    }

    private static RelayProcess relay(final int port) throws IOException {
        return RelayProcess.start("demo", "--set", "server.port=" + port, "--set", "server.public-metrics=false",
            "--set", "server.trusted-proxies=[\"127.0.0.1\"]");
    }

    private int ready(final int port) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/readyz")).build(),
            BodyHandlers.discarding()).statusCode();
    }

    private static int open(final RelayProcess relay) throws Exception {
        return new ObjectMapper().readTree(relay.get(relay.adminPort, "/admin/v1/drain").body()).get("open").asInt();
    }

    private void post(final RelayProcess relay, final String target) throws Exception {
        assertThat(http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.adminPort + target))
            .POST(HttpRequest.BodyPublishers.noBody()).build(), BodyHandlers.ofString()).body()).contains("draining");
    }

    /** In no fifth of the drain more than half of those who left came back. */
    private static void assertEven(final long[] times, final int count) {
        assertThat(times).as("each has left once").hasSize(count);
        final long windowNs = Duration.ofSeconds(OVER_SECONDS).toNanos() / 5;
        int most = 0;
        int first = 0;
        for (int last = 0; last < times.length; last++) {
            while (times[last] - times[first] > windowNs) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        assertThat(most).as("back within %d ms", windowNs / 1_000_000).isLessThanOrEqualTo(count / 2);
    }
}
