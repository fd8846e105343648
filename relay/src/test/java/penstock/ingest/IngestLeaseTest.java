package penstock.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.docs.Pages;
import penstock.testkit.CountingVenue;
import penstock.testkit.EtcdGateway;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;
import penstock.venue.Venue;

/**
 * Relays in one process that share a lease, with times that a busy machine keeps; {@code scripts/faults} has them as
 * processes, with a real etcd.
 */
@Timeout(Patience.TEST_SECONDS)
class IngestLeaseTest {
    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Relay> relays = new ArrayList<>();
    private CountingVenue venue;
    private EtcdGateway etcd;

    @BeforeEach
    void serve() throws Exception {
        venue = new CountingVenue();
        etcd = new EtcdGateway();
        Files.writeString(folder.resolve("counting.conf"), CountingVenue.FILE);
    }

    @AfterEach
    void end() {
        relays.forEach(Relay::close);
        etcd.close();
        venue.close();
    }

    @Test
    void shouldConnectOneOfTwoRelaysAndTheOtherWhenItStops() throws Exception {
        final Relay first = start("ingest-a", "lease { duration = 20s, fence = 16s, renew = 1s }");
        until(() -> isReady(first) && venue.open() == 1);
        final Relay second = start("ingest-b", "lease { duration = 20s, fence = 16s, renew = 1s }");
        until(() -> "ingest-a".equals(lease(second).get("holder")));

        assertThat(lease(second)).isEqualTo(Map.of("shared", true, "role", "standby",
            "epoch", lease(first).get("epoch"), "holder", "ingest-a", "detail", "ingest-a has the lease"));
        assertThat(lease(first)).containsEntry("role", "active").containsEntry("detail", "it has the lease");
        for (final String page : List.of("relay/docs/reference/admin-api.md", "relay/docs/how-to/two-ingests.md")) {
            assertThat(Pages.text(page)).contains(get(second.adminPort(), "/admin/v1/lease").body()
                .replace(lease(first).get("epoch").toString(), "1795996800123"));
        }
        final HttpResponse<String> ready = get(second.port(), "/readyz");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).contains("\"reason\":\"standby\"");
        assertThat(get(second.adminPort(), "/admin/v1/findings").body()).isEqualTo("{\"findings\":[]}");
        assertThat(get(second.adminPort(), "/metrics").body()).contains("penstock_lease_active 0.0",
            "penstock_lease_epoch");
        assertThat(get(first.adminPort(), "/metrics").body()).contains("penstock_lease_active 1.0",
            "penstock_lease_takeovers_total 1.0");

        final long epoch = (Long) lease(first).get("epoch");
        first.close();
        until(() -> isReady(second) && venue.open() == 1);
        assertThat((Long) lease(second).get("epoch")).isGreaterThan(epoch);
        assertThat(get(second.adminPort(), "/admin/v1/changes?kind=lease").body())
            .contains("taken: this relay connects");
        assertThat(venue.highest()).as("connections at the same time").isEqualTo(1);
        assertThat(venue.opened()).isEqualTo(2);
    }

    @Test
    @Tag("gate")
    void shouldFollowTheConnectedRelayWhileItStandsByAndGoOnWithTheEpochOfTheLease() throws Exception {
        final int a = freePort();
        final int b = freePort();
        final String lease = "lease { duration = 20s, fence = 16s, renew = 1s, peers = [\"ws://127.0.0.1:" + a
            + "/v1/ws\", \"ws://127.0.0.1:" + b + "/v1/ws\"] }\n";
        final Relay first = start("ingest-a", lease + "server.port = " + a);
        until(() -> isReady(first));
        final Relay second = start("ingest-b", lease + "server.port = " + b);
        final Relay edge = new Relay(new RelayConfigLoader(Map.of()).loadText("edge.conf",
            "feed { venue = penstock, urls = [\"ws://127.0.0.1:" + b + "/\", \"ws://127.0.0.1:" + a + "/\"] }\n"
            + "server { port = 0, io-threads = 1, drain-time = 0 }\nadmin.port = 0\ntelemetry.dir = \""
            + folder.resolve("telemetry") + "\"", List.of()), List.of(), null, Clock.systemUTC());
        relays.add(edge);
        until(() -> isReady(second) && isReady(edge));
        assertThat(venue.open()).isEqualTo(1);
        assertThat(lease(second)).containsEntry("role", "standby");
        final String epoch = lease(first).get("epoch").toString();
        assertThat(epoch(first)).isEqualTo(epoch);
        assertThat(epoch(second)).isEqualTo(epoch);
        assertThat(epoch(edge)).isEqualTo(epoch);

        first.close();
        until(() -> "active".equals(lease(second).get("role")) && isReady(second) && isReady(edge)
            && epoch(edge).equals(lease(second).get("epoch").toString()));
        assertThat(epoch(second)).isEqualTo(epoch(edge)).isGreaterThan(epoch);
        assertThat(venue.highest()).as("connections at the same time").isEqualTo(1);
    }

    private String epoch(final Relay relay) throws Exception {
        return get(relay.port(), "/v1/snapshot").body().replaceAll(".*\"epoch\":(\\d+).*", "$1");
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void shouldCloseWithoutAnAnswerOfEtcdAndConnectAgainByItself() throws Exception {
        final Relay relay = start("ingest-a", "lease { duration = 2s, fence = 1s, renew = 250ms }");
        until(() -> isReady(relay));
        etcd.setAway(true);
        until(() -> venue.open() == 0);
        until(() -> get(relay.adminPort(), "/admin/v1/findings").body().contains("this standby could not take over"));
        assertThat(lease(relay)).containsEntry("role", "standby");
        assertThat((String) lease(relay).get("detail")).contains("no leader");
        etcd.setAway(false);
        until(() -> isReady(relay) && venue.open() == 1);
        assertThat(venue.highest()).isEqualTo(1);
    }

    @Test
    void shouldStayConnectedWithoutAnAnswerIfTheLeaseIsHeldAndCloseWhenAnotherHasIt() throws Exception {
        final Relay relay = start("ingest-a",
            "lease { duration = 2s, fence = 1s, renew = 250ms, on-quorum-loss = hold }");
        until(() -> isReady(relay));
        etcd.setHanging(true);
        until(() -> "holding".equals(lease(relay).get("role")));
        until(() -> get(relay.adminPort(), "/admin/v1/findings").body().contains("it cannot be renewed"));
        etcd.setHanging(false);
        until(() -> "active".equals(lease(relay).get("role")));
        assertThat(venue.opened()).as("it was connected all the time").isEqualTo(1);

        etcd.setAway(true);
        until(() -> "holding".equals(lease(relay).get("role")));
        etcd.write("{\"holder\":\"ingest-b\",\"id\":\"x\",\"epoch\":1995996800123,\"lease\":600000,\"held\":true}");
        etcd.setAway(false);
        until(() -> venue.open() == 0);
        until(() -> "ingest-b".equals(lease(relay).get("holder")));
        assertThat(lease(relay)).containsEntry("role", "standby").containsEntry("epoch", 1_995_996_800_123L);
    }

    @Test
    void shouldNeverTakeAKeyThatNoRelayHasWritten() throws Exception {
        etcd.write("something else");
        final Relay relay = start("ingest-a", "lease { duration = 1s, fence = 500ms, renew = 100ms }");
        until(() -> ((String) lease(relay).get("detail")).contains("choose another lease.key"));
        until(() -> etcd.paths().size() > 40);
        assertThat(etcd.value()).isEqualTo("something else");
        assertThat(venue.opened()).isZero();
    }

    @Test
    void shouldConnectOneRelayAgainAfterTheKeyWasDeleted() throws Exception {
        final String lease = "lease { duration = 2s, fence = 1s, renew = 250ms }";
        final Relay first = start("ingest-a", lease);
        until(() -> isReady(first));
        final Relay second = start("ingest-b", lease);
        until(() -> "ingest-a".equals(lease(second).get("holder")));
        etcd.delete();
        until(() -> venue.open() == 0);
        until(() -> isReady(first) || isReady(second));
        assertThat(venue.opened()).isEqualTo(2);
        assertThat(venue.highest()).as("connections at the same time").isEqualTo(1);
    }

    @Test
    void shouldNeedNoLease() throws Exception {
        final Relay relay = start("ingest-a", "lease.etcd = []");
        until(() -> isReady(relay));
        assertThat(lease(relay)).containsEntry("shared", false).containsEntry("role", "active");
        assertThat(get(relay.adminPort(), "/metrics").body()).contains("penstock_lease_active NaN");
    }

    private Relay start(final String name, final String text) throws Exception {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("test.conf", "feed { venue = \""
            + folder.resolve("counting.conf") + "\", url = \"" + venue.url() + "\", symbols = [T0] }\n"
            + "server { port = 0, io-threads = 1, drain-time = 0 }\nadmin.port = 0\ntelemetry.dir = \""
            + folder.resolve("telemetry") + "\"\nlease { etcd = [\"" + etcd.url() + "\"], name = " + name + " }\n"
            + text, List.of());
        final Relay relay = new Relay(config,
            Venue.load(config.feed().identity().venue(), config.feed().settings(), key -> null), null);
        relays.add(relay);
        return relay;
    }

    private boolean isReady(final Relay relay) throws Exception {
        return get(relay.port(), "/readyz").statusCode() == 200;
    }

    private Map<String, Object> lease(final Relay relay) throws Exception {
        final Map<String, Object> members = new HashMap<>();
        ParsedJson.object(ParsedJson.values(get(relay.adminPort(), "/admin/v1/lease").body()))
            .forEach((key, value) -> members.put(key.toString(), value));
        return members;
    }

    private HttpResponse<String> get(final int port, final String target) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target)).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    private static void until(final Callable<Boolean> condition) {
        await().atMost(Patience.LIMIT).until(condition);
    }
}
