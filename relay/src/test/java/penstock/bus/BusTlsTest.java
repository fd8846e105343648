package penstock.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.DemoFeed;
import penstock.testkit.NatsServers;
import penstock.testkit.Patience;
import penstock.testkit.TestAuthority;

/** A server of NATS that speaks TLS alone, and only with clients that have a certificate of its authority. */
@Timeout(Patience.TEST_SECONDS)
class BusTlsTest {
    private final TestAuthority authority = new TestAuthority("the authority");

    @TempDir
    private Path folder;

    @BeforeEach
    void writeCertificates() {
        authority.write(folder.resolve("authorities.pem"));
        new TestAuthority("a stranger").write(folder.resolve("strangers.pem"));
        authority.issue("bus", "localhost").write(folder.resolve("bus.pem"), folder.resolve("bus.key"));
        authority.issue("relay").write(folder.resolve("relay.pem"), folder.resolve("relay.key"));
    }

    @Test
    void shouldConnectWithACertificate() throws Exception {
        try (NatsServers nats = secured(); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + url(nats), file("authorities", "authorities.pem"),
                file("certificate", "relay.pem"), file("key", "relay.key"))) {
            await().atMost(Patience.LIMIT).until(() -> rig.metric("penstock_bus_messages_total") > 100);
            assertThat(rig.findings()).isEmpty();
        }
    }

    @Test
    void shouldNotTrustAServerOfAnotherAuthority() throws Exception {
        try (NatsServers nats = secured(); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + url(nats), file("authorities", "strangers.pem"))) {
            awaitFinding(rig, "it is not connected");
            assertThat(rig.metric("penstock_bus_connects_total")).isZero();
        }
    }

    @Test
    void shouldNotBeLetInWithoutACertificate() throws Exception {
        try (NatsServers nats = secured(); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + url(nats), file("authorities", "authorities.pem"))) {
            awaitFinding(rig, "it is not connected");
            assertThat(rig.metric("penstock_bus_connects_total")).isZero();
        }
    }

    private static void awaitFinding(final BusRig rig, final String words) {
        await().atMost(Patience.LIMIT).untilAsserted(
            () -> assertThat(rig.findings()).anySatisfy(
                finding -> assertThat(finding).contains(words).doesNotContain("not connected yet")));
    }

    private NatsServers secured() throws Exception {
        return new NatsServers(1, folder, "tls { cert_file: \"" + folder.resolve("bus.pem") + "\", key_file: \""
            + folder.resolve("bus.key") + "\", ca_file: \"" + folder.resolve("authorities.pem") + "\", verify: true }\n");
    }

    private static String url(final NatsServers nats) {
        return nats.url(0).replace("nats://127.0.0.1", "tls://localhost");
    }

    private String file(final String key, final String name) {
        return "bus.nats.tls." + key + "=" + folder.resolve(name);
    }
}
