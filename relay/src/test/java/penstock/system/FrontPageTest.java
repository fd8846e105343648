package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
        final String chromium = NodeScript.program("chromium", "apt-get install chromium");
        final String url = "http://127.0.0.1:" + port + "/";
        final Process script = NodeScript.start("playwright-core", name,
            Stream.concat(Stream.of(url, chromium), Stream.of(more)).toArray(String[]::new));
        try {
            final String said = converse(script, feed);
            assertThat(script.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).as(said).isTrue();
            assertThat(script.exitValue()).as(said).isZero();
        } finally {
            script.descendants().forEach(ProcessHandle::destroyForcibly);
            script.destroyForcibly();
        }
    }

    /** Does what the script asks for, until it ends; returns all that it said. */
    private static String converse(final Process script, final DemoFeed feed) throws IOException {
        final StringBuilder said = new StringBuilder();
        try (BufferedReader out = script.inputReader(StandardCharsets.UTF_8);
             BufferedWriter in = script.outputWriter(StandardCharsets.UTF_8)) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.append(line).append('\n');
                if (line.startsWith("do ")) {
                    switch (line.substring(3)) {
                        case "kill-upstream" -> feed.server().kill();
                        case "restart-upstream" -> feed.server().restart();
                        case "send-markup" -> feed.server().sendText(MARKUP);
                        default -> fail("the script asks for an unknown step:\n" + said);
                    }
                    in.write("done\n");
                    in.flush();
                }
            }
        }
        return said.toString();
    }
}
