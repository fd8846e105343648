package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.replay.DemoFeed;
import penstock.testkit.Patience;
import penstock.venue.Venue;

/** The operator's page as people see it: Chromium shows it, {@code ops-page.mjs} looks. */
@Tag("browser")
class OpsPageTest {
    private static final String TOKEN = "operators-token";
    private static final int RECEIVE_BYTES = 4_096;

    @TempDir
    private Path folder;
    private final List<Socket> stalled = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (final Socket each : stalled) {
            each.close();
        }
    }

    @Test
    @Timeout(2 * Patience.TEST_SECONDS)
    void shouldSayWhatIsWrongAndUndoIt() throws Exception {
        try (DemoFeed feed = DemoFeed.start(0); Relay relay = relay(feed);
             SubscriberFleet fleet = new SubscriberFleet(relay.port())) {
            fleet.open("/v1/ws?symbols=*", 0);
            NodeScript.inChromium("ops-page.mjs", "http://127.0.0.1:" + relay.adminPort() + "/ops", TOKEN).run(Map.of(
                "kill-upstream", feed.server()::kill, "restart-upstream", feed.server()::restart,
                "stall", () -> stalled.add(stall(relay.port()))));
            assertThat(relay.telemetry().errors().entries()).as("error log").isEmpty();
        }
    }

    private Relay relay(final DemoFeed feed) throws IOException {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf", """
            feed { venue = demo, url = "%s" }
            server { port = 0, io-threads = 2, send-buffer = 4k }
            fanout.evict-blocked-after = 10m
            admin { port = 0, token = %s }
            telemetry.dir = "%s"
            """.formatted(feed.marketUrl(), TOKEN, folder.resolve("telemetry")), List.of());
        return new Relay(config, Venue.load("demo", config.feed().settings(), name -> null), null);
    }

    /** A session that asks for all there is of the books, and reads nothing. */
    private static Socket stall(final int port) throws IOException {
        final Socket socket = new Socket();
        socket.setReceiveBufferSize(RECEIVE_BYTES);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.getOutputStream().write(("GET /v1/ws?channel=book&symbols=*&interval=0 HTTP/1.1\r\nHost: localhost\r\n"
            + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + "Sec-WebSocket-Version: 13\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }
}
