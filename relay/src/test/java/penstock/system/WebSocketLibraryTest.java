package penstock.system;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.replay.DemoFeed;
import penstock.testkit.Patience;

/** The client library that most of Node.js uses, {@code src/test/browser/ws-clients.mjs}, in all its settings. */
@Tag("browser")
class WebSocketLibraryTest {
    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldAgreeOnCompressionWithEverySettingOfTheNpmClient() throws Exception {
        try (DemoFeed feed = DemoFeed.start(0);
             RelayRig rig = new RelayRig("demo", feed.url(), "server.deflate=true")) {
            NodeScript.ofBrowser("ws", "ws-clients.mjs", "ws://127.0.0.1:" + rig.relay.port() + "/v1/ws")
                .run(Map.of());
        }
    }
}
