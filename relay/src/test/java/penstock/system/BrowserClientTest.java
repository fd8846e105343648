package penstock.system;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.replay.DemoFeed;
import penstock.testkit.FaultProxy;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/** A page of another host with the client in JavaScript, in Chromium, while what it depends on fails. */
@Tag("browser")
class BrowserClientTest {
    private static final String FROZEN_MS = System.getProperty("penstock.client.frozen-ms", "5000");

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private RelayRig rig;

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldShowWhatTheRelayHasAndComeBackByItself() throws Exception {
        try (DemoFeed feed = DemoFeed.start(0)) {
            start(feed);
            try (FaultProxy proxy = new FaultProxy(rig.relay.port(), seeds.random())) {
                NodeScript.inChromium("client.mjs", "http://127.0.0.1:" + proxy.port() + "/", FROZEN_MS).run(Map.of(
                    "kill-upstream", feed.server()::kill, "restart-upstream", feed.server()::restart,
                    "cut-connections", proxy::reset, "restart-relay", () -> {
                        rig.close();
                        proxy.reset();
                        start(feed);
                        proxy.target(rig.relay.port());
                    }));
            } finally {
                rig.close();
            }
        }
    }

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldHaveOneSessionForAllTabs() throws Exception {
        try (DemoFeed feed = DemoFeed.start(0);
             RelayRig relay = new RelayRig("demo", feed.url(), "server.public-metrics=true");
             FaultProxy proxy = new FaultProxy(relay.relay.port(), seeds.random())) {
            NodeScript.inChromium("client-tabs.mjs", "http://127.0.0.1:" + proxy.port() + "/")
                .run(Map.of("cut-connections", proxy::reset));
        }
    }

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldShowPricesBehindAProxyThatLetsNoWebSocketThrough() throws Exception {
        try (DemoFeed feed = DemoFeed.start(0)) {
            start(feed);
            try {
                NodeScript.inChromium("client-sse.mjs", "http://127.0.0.1:" + rig.relay.port() + "/").run(Map.of(
                    "kill-upstream", feed.server()::kill, "restart-upstream", feed.server()::restart));
            } finally {
                rig.close();
            }
        }
    }

    private void start(final DemoFeed feed) throws IOException {
        rig = new RelayRig("demo", feed.url(), "server.allowed-origins=[\"*\"]");
    }
}
