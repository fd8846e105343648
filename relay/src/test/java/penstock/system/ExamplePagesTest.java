package penstock.system;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.replay.DemoFeed;
import penstock.testkit.Patience;

/** The examples of the client in JavaScript in Chromium: pages of one host that the relay lists, and of no other. */
@Tag("browser")
class ExamplePagesTest {
    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldShowPricesThatChangeInPagesOfAListedHost() throws Exception {
        final int port = RelayRig.freePort();
        try (DemoFeed feed = DemoFeed.start(0);
             RelayRig rig = new RelayRig("demo", feed.url(), "server.allowed-origins=[\"http://127.0.0.1:" + port + "\"]")) {
            NodeScript.ofExamples(rig.relay.port(), port).run(Map.of());
        }
    }
}
