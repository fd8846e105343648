package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.CountingVenue;
import penstock.testkit.EtcdGateway;
import penstock.testkit.Patience;

/** An edge behind two ingests that share a lease: it follows the lease, as the epochs do. */
@Timeout(2 * Patience.TEST_SECONDS)
@Tag("gate")
class SharedIngestsTest {
    private static final String LATER = "duration = 20s, fence = 16s, renew = 1s";
    private static final String SOON = "duration = 2s, fence = 1500ms, renew = 250ms";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private CountingVenue venue;
    private EtcdGateway etcd;

    @BeforeEach
    void serve() throws Exception {
        venue = new CountingVenue();
        etcd = new EtcdGateway();
    }

    @AfterEach
    void end() {
        etcd.close();
        venue.close();
    }

    @Test
    void shouldLeaveAStandbyForTheIngestThatIsConnected() throws Exception {
        try (ReloadedRelay standby = ingest("standby", LATER); ReloadedRelay active = ingest("active", SOON)) {
            until(() -> isReady(active));
            try (ReloadedRelay edge = behind(standby, active)) {
                until(() -> isReady(edge));
                assertThat(epoch(edge)).isEqualTo(epoch(active)).isEqualTo(lease(active));
                assertThatThrownBy(() -> http.newWebSocketBuilder().subprotocols("penstock.v1.bin")
                    .buildAsync(URI.create(address(standby) + "?link=another"), new WebSocket.Listener() { }).join())
                    .hasCauseInstanceOf(WebSocketHandshakeException.class).satisfies(refused ->
                        assertThat(((WebSocketHandshakeException) refused.getCause()).getResponse().statusCode())
                            .isEqualTo(503));
            }
            assertThat(venue.opened()).isEqualTo(1);
        }
    }

    @Test
    void shouldFollowTheLeaseToTheIngestThatHasStartedBefore() throws Exception {
        try (ReloadedRelay earlier = ingest("earlier", LATER)) {
            final ReloadedRelay active = ingest("active", SOON);
            try (ReloadedRelay edge = behind(active, earlier)) {
                until(() -> isReady(active));
                until(() -> isReady(edge));
                final String before = epoch(edge);
                active.close();
                until(() -> isReady(earlier));
                until(() -> epoch(edge).equals(lease(earlier)) && isReady(edge));
                assertThat(epoch(edge)).isGreaterThan(before);
            }
        }
    }

    @Test
    void shouldLeaveAnIngestThatHasLostTheLease() throws Exception {
        try (ReloadedRelay one = ingest("one", SOON); ReloadedRelay edge = behind(one)) {
            until(() -> isReady(edge));
            final String before = epoch(edge);
            etcd.write("{\"holder\":\"x\",\"id\":\"x\",\"epoch\":" + (Long.parseLong(before) + 1)
                + ",\"lease\":2000,\"held\":true}");
            until(() -> venue.open() == 0);
            until(() -> get(one.relay.adminPort(), "/admin/v1/edges").body().contains("\"edges\":[]"));
            until(() -> isReady(one) && epoch(edge).equals(lease(one)) && isReady(edge));
            assertThat(epoch(edge)).isGreaterThan(before);
        }
    }

    private ReloadedRelay ingest(final String name, final String times) throws Exception {
        final Path own = Files.createTempDirectory(folder, name);
        Files.writeString(own.resolve("counting.conf"), CountingVenue.FILE);
        final ReloadedRelay ingest = new ReloadedRelay(own, "feed { venue = counting.conf, url = \"" + venue.url()
            + "\", symbols = [T0] }\nlease { etcd = [\"" + etcd.url() + "\"], name = " + name + ", " + times + " }\n");
        until(() -> get(ingest.relay.port(), "/readyz").body().contains("standby") || isReady(ingest));
        return ingest;
    }

    private ReloadedRelay behind(final ReloadedRelay... ingests) throws Exception {
        return new ReloadedRelay(Files.createTempDirectory(folder, "edge"), "feed { venue = penstock, urls = ["
            + Stream.of(ingests).map(each -> '"' + address(each) + '"').collect(Collectors.joining(", ")) + "] }\n");
    }

    private static String address(final ReloadedRelay relay) {
        return "ws://127.0.0.1:" + relay.relay.port() + "/v1/ws";
    }

    private static String epoch(final ReloadedRelay relay) throws Exception {
        try (ReloadedRelay.Client client = relay.open("?symbols=*")) {
            return client.readUntil("\"welcome\"").replaceAll(".*?\"epoch\":(\\d+).*", "$1");
        }
    }

    private String lease(final ReloadedRelay relay) throws Exception {
        return get(relay.relay.adminPort(), "/admin/v1/lease").body().replaceAll(".*?\"epoch\":(\\d+).*", "$1");
    }

    private boolean isReady(final ReloadedRelay relay) throws Exception {
        return get(relay.relay.port(), "/readyz").statusCode() == 200;
    }

    private HttpResponse<String> get(final int port, final String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    private static void until(final Callable<Boolean> condition) {
        await().atMost(Patience.LIMIT).until(condition);
    }
}
