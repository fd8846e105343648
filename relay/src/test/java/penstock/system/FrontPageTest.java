package penstock.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.identity.key.ClientKey;
import penstock.replay.DemoFeed;
import penstock.testkit.Patience;
import penstock.venue.Venue;

/** The front page as people see it: Chromium shows it, scripts in {@code src/test/browser} look. */
@Tag("browser")
class FrontPageTest {
    private static final String MARKUP = """
        {"symbol":"<script>alert(1)</script>","time":1795197922737123,\
        "quote":{"bid":"<img src=x onerror=alert(2)>","ask":1,"<b>note</b>":"\\"><script>alert(3)</script>"}}""";

    @TempDir
    private Path folder;

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldShowLivePricesAndMarkThemStale() throws Exception {
        // a normalised bid is a number, and the venue sends markup in its place
        try (DemoFeed feed = DemoFeed.start(0); RelayRig rig = new RelayRig("demo", feed.url(), "feed.values=venue")) {
            look(feed, rig.relay.port(), "front-page.mjs");
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
                 "products.euro.channels=[quote]", "products.euro.symbols=[\"EUR*\"]")) {
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

    private static void look(final DemoFeed feed, final int port, final String name, final String... more)
            throws IOException, InterruptedException {
        NodeScript.inChromium(name, "http://127.0.0.1:" + port + "/", more).run(Map.of(
            "kill-upstream", feed.server()::kill, "restart-upstream", feed.server()::restart,
            "send-markup", () -> feed.server().sendText(MARKUP)));
    }
}
