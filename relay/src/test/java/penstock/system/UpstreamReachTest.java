package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static penstock.system.FaultyVenue.quote;
import static penstock.system.FaultyVenue.subscribed;
import static penstock.system.FaultyVenue.untilClosed;

import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.Patience;
import penstock.testkit.TestAuthority;
import penstock.upstream.ScriptedServer;

/** An address that does not lead to the venue. */
@Timeout(Patience.TEST_SECONDS)
class UpstreamReachTest {
    private static final String NOWHERE = "ws://nowhere.invalid:9/feed";

    @TempDir
    private Path folder;

    @Test
    void shouldNeverConnectToAHostWithACertificateOfAnother() throws Exception {
        final TestAuthority authority = new TestAuthority("authority");
        final SSLContext other = authority.context(authority.issue("test", "other.example"));
        try (ScriptedServer server = new ScriptedServer(other.getServerSocketFactory(), peer -> {
            peer.accept().text(quote("BTCUSDT", 1));
            untilClosed(peer);
        }); FaultRig rig =
            new FaultRig(FaultyVenue.plain().file(folder), List.of("wss://localhost:" + server.port() + "/feed"),
                authority.context(null))) {
            rig.awaitMetric("feed_connect_failures_total", 3);
            rig.awaitReady(503, "\"ready\":false", "\"reason\":\"upstream_untrusted\"", "\"feed\":\"stale\"");
            assertThat(rig.metric("feed_connects_total")).isZero();
            assertThat(rig.metric("feed_frames_total")).isZero();
            assertThat(rig.log()).anyMatch(line -> line.contains("upstream_untrusted") && line.contains("localhost")
                && line.contains("No subject alternative"));
            assertThat(rig.states()).doesNotContain("live");
        }
    }

    @Test
    void shouldReportAnUnknownHostNameAndKeepTrying() throws Exception {
        try (FaultRig rig = new FaultRig(FaultyVenue.plain().file(folder), List.of(NOWHERE), null)) {
            rig.awaitMetric("feed_connect_failures_total", 3);
            rig.awaitReady(503, "\"ready\":false", "\"reason\":\"upstream_unreachable\"", "\"feed\":\"stale\"");
            assertThat(rig.log())
                .anyMatch(line -> line.contains("upstream_unreachable") && line.contains("nowhere.invalid"));
        }
    }

    @Test
    void shouldUseTheSecondAddressWhenTheNameOfTheFirstIsUnknown() throws Exception {
        try (ScriptedServer server =
                new ScriptedServer(peer -> untilClosed(subscribed(peer).text(quote("BTCUSDT", 1))));
                FaultRig rig = new FaultRig(FaultyVenue.plain().file(folder), List.of(NOWHERE, server.url()), null)) {
            rig.awaitValue("BTCUSDT", 1);
            rig.awaitReady(200, "\"ready\":true", "\"feed\":\"live\"");
            assertThat(server.failures).isEmpty();
        }
    }
}
