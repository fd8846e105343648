package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.identity.key.ClientKey;
import penstock.replay.DemoFeed;
import penstock.replay.FeedServer;
import penstock.testkit.FaultProxy;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;
import penstock.venue.Venue;

/** The front page as people see it: Chromium shows it, scripts in {@code src/test/browser} look. */
@Tag("browser")
class FrontPageTest {
    private static final String MARKUP = """
        {"symbol":"<script>alert(1)</script>","time":1795197922737123,\
        "quote":{"bid":"<img src=x onerror=alert(2)>","ask":1,"<b>note</b>":"\\"><script>alert(3)</script>"}}""";

    private static final String TICKER = """
        { name = ticker, match { "$/ticker" = "type:object" }, channel = ticker, key = "$/symbol", kind = "$/kind"
          emit = "$/ticker" }
        """;
    private static final String SUBSCRIPTIONS = "penstock_subscriptions";
    private static final String FROZEN_MS = System.getProperty("penstock.client.frozen-ms", "3000");

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @TempDir
    private Path folder;

    private RelayRig rig;
    private long subscriptions;

    @Test
    @Timeout(2 * Patience.TEST_SECONDS)
    void shouldShowWhatTheRelayHasOfEachClassAndComeBackByItself() throws Exception {
        try (DemoFeed feed = DemoFeed.start(0)) {
            start(feed);
            try (FaultProxy proxy = new FaultProxy(rig.relay.port(), seeds.random())) {
                NodeScript.inChromium("front-page.mjs", "http://127.0.0.1:" + proxy.port() + "/", FROZEN_MS).run(Map.of(
                    "kill-upstream", feed.server()::kill, "restart-upstream", feed.server()::restart,
                    "complete-ticker", () -> {
                        send(feed, "snapshot", "{\"last\":1.1040,\"volume\":2000}");
                        send(feed, "delta", "{\"last\":1.1050}");
                    },
                    "note-subscriptions", () -> subscriptions = rig.relay.telemetry().sum(SUBSCRIPTIONS),
                    "find-the-same-subscriptions",
                    () -> assertThat(rig.relay.telemetry().sum(SUBSCRIPTIONS)).isEqualTo(subscriptions),
                    "send-markup", () -> feed.server().sendText(MARKUP),
                    "restart-relay", () -> {
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
    void shouldAskForTheKeyOfARelayThatServesKnownClientsOnly() throws Exception {
        final String key = ClientKey.random();
        final Path keys = Files.writeString(folder.resolve("keys.conf"),
            "keys = [{ id = desk-7, hash = \"sha256:" + ClientKey.hash(key) + "\", products = [euro] }]");
        try (DemoFeed feed = DemoFeed.start(0);
             RelayRig rig = new RelayRig("demo", feed.url(), "auth.mode=keys", "auth.keys-file=" + keys,
                 "products.euro.channels=[quote]", "products.euro.symbols=[\"EUR*\"]", "server.public-metrics=true")) {
            look(feed, rig.relay.port(), "front-page-key.mjs", key);
        }
    }

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldShowTheFeedThatIsChosen() throws Exception {
        try (DemoFeed one = DemoFeed.start(0); DemoFeed two = DemoFeed.start(0)) {
            final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("feeds.conf",
                "server { port = 0, io-threads = 1 }\nadmin.enabled = false\nfeeds {\n one { venue = demo, url = \"" + one.url()
                + "\" }\n two { venue = demo, url = \"" + two.url() + "\" }\n}", List.of());
            final List<Venue> venues = config.feeds().values().stream()
                .map(feed -> Venue.load("demo", feed.settings(), key -> null)).toList();
            try (Relay relay = new Relay(config, venues, null, Clock.systemUTC())) {
                look(two, relay.port(), "front-page-feeds.mjs");
            }
        }
    }

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldAskForTheSymbolsThatAreNamed() throws Exception {
        try (FeedServer feed = FeedServer.start(0, new OnDemandVenue());
             RelayRig rig = new RelayRig(OnDemandVenue.file(folder, "max-connections = 1").toString(), feed.url("/"),
                 "feed.symbols=on-demand")) {
            NodeScript.inChromium("front-page-demand.mjs", "http://127.0.0.1:" + rig.relay.port() + "/").run(Map.of());
        }
    }

    /** Latency, trend lines, flashes, and bars of the order book. */
    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldShowKnownDataAsItIs() throws Exception {
        NodeScript.inChromium("front-page-known.mjs", RelayProcess.commandIn(folder).toString()).run(Map.of());
    }

    /** The demo with a channel of class merge, so that there is one of each. */
    private void start(final DemoFeed feed) throws IOException {
        final String venue = Files.readString(Path.of("../config/venues/demo.conf"))
            .replace("  book { class = order-book }\n", "  book { class = order-book }\n  ticker { class = merge }\n")
            .replace("  rules = [\n", "  rules = [\n" + TICKER);
        final Path file = Files.writeString(folder.resolve("demo.conf"), venue);
        // a normalised bid is a number, and the venue sends markup in its place
        rig = new RelayRig(file.toString(), feed.marketUrl(), "feed.values=venue", "server.public-metrics=true");
    }

    private static void send(final DemoFeed feed, final String kind, final String ticker) {
        feed.server().sendText("{\"symbol\":\"EURUSD\",\"kind\":\"" + kind + "\",\"ticker\":" + ticker + "}");
    }

    private static void look(final DemoFeed feed, final int port, final String name, final String... more)
            throws IOException, InterruptedException {
        NodeScript.inChromium(name, "http://127.0.0.1:" + port + "/", more).run(Map.of(
            "kill-upstream", feed.server()::kill, "restart-upstream", feed.server()::restart));
    }
}
