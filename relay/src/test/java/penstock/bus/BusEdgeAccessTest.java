package penstock.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.DemoFeed;
import penstock.testkit.NatsAuthority;
import penstock.testkit.NatsServers;
import penstock.testkit.Patience;
import penstock.testkit.RecordedLog;
import penstock.testkit.TestAuthority;

/** How an edge logs in at a bus, and what its operator sees when it is not let in. */
@Tag("gate")
@Timeout(Patience.TEST_SECONDS)
class BusEdgeAccessTest {
    private static final String LOGIN = "look at feed.bus.credentials-file, user, password-file or token-file, and at "
        + "the users in the configuration of the server";
    private static final String TLS = "look at feed.tls, and whether feed.url begins with tls://";

    private final TestAuthority authority = new TestAuthority("the authority");

    @TempDir
    private Path folder;

    @Test
    void shouldLogInWithAUserOverTlsOfBothSides() throws Exception {
        writeCertificates();
        final String users = "authorization { users: [ { user: relay, password: \"one\" }, { user: edge, password: "
            + "\"two\" } ] }\n";
        try (NatsServers nats = new NatsServers(1, folder, secured() + users); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + url(nats), "bus.nats.user=relay",
                "bus.nats.password-file=" + secret("one"), file("bus.nats", "authorities", "authorities.pem"),
                file("bus.nats", "certificate", "client.pem"), file("bus.nats", "key", "client.key"));
                BusEdge edge = new BusEdge(list(nats), BusRig.SUBJECT, "feed.bus.user=edge",
                "feed.bus.password-file=" + secret("two"), file("feed", "authorities", "authorities.pem"),
                file("feed", "certificate", "client.pem"), file("feed", "key", "client.key"))) {
            assertServed(rig, edge);
            assertThat(edge.role().get("link").get("url").asText()).startsWith("tls://localhost:");
        }
    }

    @Test
    void shouldLogInWithAToken() throws Exception {
        try (NatsServers nats = new NatsServers(1, folder, "authorization { token: \"three\" }\n");
                DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.url(0), "bus.nats.token-file=" + secret("three"));
                BusEdge edge = new BusEdge(nats.list(), BusRig.SUBJECT, "feed.bus.token-file=" + secret("three"))) {
            assertServed(rig, edge);
            try (BusEdge wrong = new BusEdge(nats.list(), BusRig.SUBJECT, "feed.bus.token-file=" + secret("four"))) {
                assertNotLetIn(wrong, "Authorization Violation", LOGIN);
            }
        }
    }

    @Test
    void shouldLogInWithAFileOfCredentials() throws Exception {
        final NatsAuthority operator = new NatsAuthority();
        final Path own = operator.write(folder.resolve("edge.creds"));
        final Path foreign = new NatsAuthority().write(folder.resolve("foreign.creds"));
        try (NatsServers nats = new NatsServers(1, folder, operator.settings()); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.url(0), "bus.nats.credentials-file="
                + operator.write(folder.resolve("relay.creds")));
                BusEdge edge = new BusEdge(nats.list(), BusRig.SUBJECT, "feed.bus.credentials-file=" + own)) {
            assertServed(rig, edge);
            try (BusEdge wrong = new BusEdge(nats.list(), BusRig.SUBJECT, "feed.bus.credentials-file=" + foreign)) {
                assertNotLetIn(wrong, "Authorization Violation", LOGIN);
            }
        }
    }

    @Test
    void shouldSayThatAPasswordIsWrongOrItsFileIsNotThere() throws Exception {
        try (NatsServers nats = new NatsServers(1, folder, "authorization { user: edge, password: \"right\" }\n");
                RecordedLog log = new RecordedLog("penstock.nats");
                BusEdge wrong = new BusEdge(nats.list(), BusRig.SUBJECT, "feed.bus.user=edge",
                "feed.bus.password-file=" + secret("wrong"));
                BusEdge without = new BusEdge(nats.list(), BusRig.SUBJECT, "feed.bus.user=edge",
                "feed.bus.password-file=/no/such/file")) {
            assertNotLetIn(wrong, "Authorization Violation", LOGIN);
            assertNotLetIn(without, "there is no file /no/such/file", LOGIN);
            assertThat(log.lines()).as("once, however often it tries")
                .filteredOn(line -> line.contains("no such file") || line.contains("/no/such/file")).hasSize(1)
                .allSatisfy(line -> assertThat(line).startsWith("WARN link: not connected").contains(LOGIN));
            assertThat(log.lines()).filteredOn(line -> line.toLowerCase().contains("authorization violation"))
                .isNotEmpty().hasSizeLessThan(3);
            assertThat(log.lines()).noneMatch(line -> line.contains("wrong"));
        }
    }

    @Test
    void shouldSayThatTheCertificateOfAServerIsNotTrusted() throws Exception {
        writeCertificates();
        try (NatsServers nats = new NatsServers(1, folder, secured());
                BusEdge stranger = new BusEdge(list(nats), BusRig.SUBJECT,
                file("feed", "authorities", "strangers.pem"));
                BusEdge anonymous = new BusEdge(list(nats), BusRig.SUBJECT,
                file("feed", "authorities", "authorities.pem"));
                BusEdge plain = new BusEdge(nats.list(), BusRig.SUBJECT);
                // the certificate names the host otherwise
                BusEdge other = new BusEdge(list(nats).replace("localhost", "127.0.0.1"), BusRig.SUBJECT,
                file("feed", "authorities", "authorities.pem"), file("feed", "certificate", "client.pem"),
                file("feed", "key", "client.key"))) {
            assertNotLetIn(stranger, "PKIX path building failed", TLS);
            assertNotLetIn(anonymous, "no answer to the login within 2 s over TLS: a server that wants a certificate "
                + "of its clients may end a connection without a word", TLS);
            assertNotLetIn(plain, "SSL", TLS);
            assertNotLetIn(other, "No subject alternative names matching IP address 127.0.0.1 found", TLS);
        }
    }

    private static void assertServed(final BusRig rig, final BusEdge edge) throws Exception {
        await().atMost(Patience.LIMIT).until(edge::isReady);
        await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(edge.findings()).isEmpty());
        rig.feed.server().stop();
        rig.assertSame(edge);
    }

    private static void assertNotLetIn(final BusEdge edge, final String why, final String remedy) throws Exception {
        await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(edge.findings().toString())
            .contains("the relay in front was not reached yet", "\"subject\":\"link\"").containsIgnoringCase(why)
            .contains(remedy));
        assertThat(edge.isReady()).isFalse();
        assertThat(edge.metric("penstock_link_live")).isZero();
    }

    private Path secret(final String text) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "secret", ""), text + "\n");
    }

    private void writeCertificates() {
        authority.write(folder.resolve("authorities.pem"));
        new TestAuthority("a stranger").write(folder.resolve("strangers.pem"));
        authority.issue("bus", "localhost").write(folder.resolve("bus.pem"), folder.resolve("bus.key"));
        authority.issue("client").write(folder.resolve("client.pem"), folder.resolve("client.key"));
    }

    private String secured() {
        return "tls { cert_file: \"" + folder.resolve("bus.pem") + "\", key_file: \"" + folder.resolve("bus.key")
            + "\", ca_file: \"" + folder.resolve("authorities.pem") + "\", verify: true }\n";
    }

    private static String url(final NatsServers nats) {
        return nats.url(0).replace("nats://127.0.0.1", "tls://localhost");
    }

    private static String list(final NatsServers nats) {
        return "[\"" + url(nats) + "\"]";
    }

    private String file(final String section, final String key, final String name) {
        return section + ".tls." + key + "=" + folder.resolve(name);
    }
}
