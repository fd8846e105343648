package penstock.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.testkit.CountingVenue;
import penstock.testkit.EtcdCluster;
import penstock.testkit.Patience;
import penstock.testkit.TestAuthority;
import penstock.venue.Venue;

/** A relay and a real etcd that speaks TLS alone, and only with clients that have a certificate of its authority. */
@Tag("slow")
@Tag("gate")
@Timeout(Patience.TEST_SECONDS)
class LeaseTlsTest {
    private static final String OWN = "certificate = client.pem, key = client.key";

    @TempDir
    private Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private final TestAuthority authority = new TestAuthority("the authority");
    private final TestAuthority stranger = new TestAuthority("a stranger");
    private CountingVenue venue;
    private EtcdCluster etcd;
    private Relay relay;

    @BeforeEach
    void serve() throws Exception {
        venue = new CountingVenue();
        etcd = new EtcdCluster(1, folder, authority);
        Files.writeString(folder.resolve("counting.conf"), CountingVenue.FILE);
        authority.write(folder.resolve("authorities.pem"));
    }

    @AfterEach
    void end() {
        if (relay != null) {
            relay.close();
        }
        etcd.close();
        venue.close();
    }

    @Test
    void shouldHoldTheLeaseOverTlsAndGoOnWithARenewedCertificate() throws Exception {
        show(authority.issue("ingest-a"));
        start("tls { authorities = authorities.pem, " + OWN + " }");
        until(this::isLive);
        final String lease = get("/admin/v1/lease");

        show(authority.issue("ingest-a"));
        etcd.kill(0);
        etcd.start(0);
        until(() -> get("/admin/v1/lease").equals(lease) && get("/admin/v1/findings").equals("{\"findings\":[]}"));
        assertThat(venue.opened()).as("the feed is not cut").isEqualTo(1);
    }

    @Test
    void shouldSayThatItDoesNotTrustEtcdAndConnectWhenItDoes() throws Exception {
        show(authority.issue("ingest-a"));
        stranger.write(folder.resolve("authorities.pem"));
        start("tls { authorities = authorities.pem, " + OWN + " }");
        stays("no authority that the relay trusts has signed the server's certificate; see lease.tls.authorities");

        authority.write(folder.resolve("authorities.pem"));
        until(this::isLive);
    }

    @Test
    void shouldSayThatItsCertificateHasExpiredAndConnectWithANewOne() throws Exception {
        show(authority.issueExpired("ingest-a"));
        start("tls { authorities = authorities.pem, " + OWN + " }");
        stays("refuses the one it has; see lease.tls.certificate", "lease.tls.certificate: the certificate of "
            + "CN=ingest-a expired at");

        show(authority.issue("ingest-a"));
        until(this::isLive);
    }

    @Test
    void shouldSayThatItsCertificateIsOfAnotherAuthorityAndThatANewKeyDoesNotFit() throws Exception {
        show(stranger.issue("ingest-a"));
        start("tls { authorities = authorities.pem, " + OWN + " }");
        stays("refuses the one it has; see lease.tls.certificate");

        final TestAuthority.Issued right = authority.issue("ingest-a");
        right.write(folder.resolve("client.pem"), folder.resolve("other.key"));
        stays("lease.tls.key: ", "is not the key of the first certificate in");

        right.write(folder.resolve("client.pem"), folder.resolve("client.key"));
        until(this::isLive);
    }

    @Test
    void shouldSayThatEtcdWantsACertificate() throws Exception {
        start("tls.authorities = authorities.pem");
        stays("the server wants a certificate of the relay", "see lease.tls.certificate");
    }

    @Test
    void shouldSayThatTheAddressesAreNotHttps() throws Exception {
        start("etcd = [\"" + etcd.urls().get(0).replace("https", "http") + "\"], tls.authorities = null");
        stays("it closed the connection; if it speaks TLS, lease.etcd names it with https://");
    }

    @Test
    void shouldLogInBesideItsCertificateAndConnectWhenItsPasswordIsRight() throws Exception {
        show(authority.issue("ingest-a"));
        etcd.post(0, "/v3/auth/user/add", "{\"name\":\"root\",\"password\":\"r\"}");
        etcd.post(0, "/v3/auth/user/grant", "{\"user\":\"root\",\"role\":\"root\"}");
        etcd.post(0, "/v3/auth/user/add", "{\"name\":\"penstock\",\"password\":\"right\"}");
        etcd.post(0, "/v3/auth/role/add", "{\"name\":\"ingests\"}");
        final String key = Base64.getEncoder().encodeToString("penstock/ingest".getBytes(StandardCharsets.UTF_8));
        etcd.post(0, "/v3/auth/role/grant", "{\"name\":\"ingests\",\"perm\":{\"permType\":\"READWRITE\",\"key\":\""
            + key + "\"}}");
        etcd.post(0, "/v3/auth/user/grant", "{\"user\":\"penstock\",\"role\":\"ingests\"}");
        assertThat(etcd.post(0, "/v3/auth/enable", "{}")).doesNotContain("error");
        Files.writeString(folder.resolve("password"), "wrong\n");
        start("user = penstock, password-file = password, tls { authorities = authorities.pem, " + OWN + " }");
        stays("the login of penstock failed: etcd takes no user from a client whose certificate has a CommonName");

        show(authority.issue(""));
        stays("the login of penstock failed", "invalid user ID or password");

        Files.writeString(folder.resolve("password"), "right\n");
        until(this::isLive);
    }

    private void show(final TestAuthority.Issued own) {
        own.write(folder.resolve("client.pem"), folder.resolve("client.key"));
    }

    private void start(final String lease) throws Exception {
        final Path file = folder.resolve("relay.conf");
        Files.writeString(file, "feed { venue = counting.conf, url = \"" + venue.url() + "\", symbols = [T0] }\n"
            + "server { port = 0, io-threads = 1, drain-time = 0 }\nadmin.port = 0\ntelemetry.dir = telemetry\n"
            + "lease { etcd = [" + etcd.urls().stream().map(url -> '"' + url + '"').collect(Collectors.joining(", "))
            + "], name = ingest-a, duration = 8s, fence = 6s, renew = 250ms, " + lease + " }\n");
        final RelayConfig config = new RelayConfigLoader(Map.of()).load(file, List.of());
        relay = new Relay(config,
            Venue.load(config.feed().identity().venue(), config.feed().settings(), key -> null), null);
    }

    /** The relay says why, to the operator and to those who ask whether it is ready, and is not connected. */
    private void stays(final String... reasons) throws Exception {
        for (final String reason : reasons) {
            await().atMost(Patience.LIMIT).untilAsserted(() ->
                assertThat(get("/admin/v1/lease")).contains("\"role\":\"standby\"").contains(reason));
        }
        until(() -> get("/admin/v1/findings").contains("this standby could not take over now"));
        assertThat(get("/admin/v1/findings")).doesNotContain("wrong");
        assertThat(venue.opened()).as("connections to the venue").isZero();
    }

    private boolean isLive() throws Exception {
        return venue.open() == 1 && get("/admin/v1/lease").contains("\"role\":\"active\"")
            && ask(relay.port(), "/readyz").statusCode() == 200;
    }

    private String get(final String path) throws Exception {
        return ask(relay.adminPort(), path).body();
    }

    private HttpResponse<String> ask(final int port, final String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    private static void until(final Callable<Boolean> condition) {
        await().atMost(Patience.LIMIT).until(condition);
    }
}
