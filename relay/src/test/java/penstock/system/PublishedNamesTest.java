package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static penstock.system.FaultyVenue.untilClosed;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.testkit.Patience;
import penstock.upstream.ScriptedServer;

/**
 * A symbol has its published name at every endpoint, and the venue's spelling on the way to the venue. Raw payloads are
 * what the venue sent, whichever values the others get.
 */
@Timeout(Patience.TEST_SECONDS)
class PublishedNamesTest {
    private static final String FILE = """
        name = renamed
        channels { quote { default = true } }
        symbols { pattern = "[A-Z]+", names { GOLD = XAUUSD }, rules = [ { venue = "(.+)(USDT)", publish = "$1/$2" } ] }
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          ack { match { "$/id" = "*" }, correlate = "$/id" }
        }
        messages { rules = [
          { name = quote, match { "$/s" = "*" }, key = "$/s", emit { bid = "$/b", ask = "$/a" }, emit-venue = frame }
          { name = ack, match { "$/id" = "*" }, as = ack }
        ] }
        """;
    private static final String BTC = "{\"s\":\"BTCUSDT\",\"b\":\"1.10\",\"a\":\"1.2\",\"more\":[1,{\"x\":null}]}";
    private static final String GOLD = "{\"s\":\"XAUUSD\",\"b\":\"4000.0\",\"a\":\"4000.5\"}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"normalised|{\"bid\":1.10,\"ask\":1.2}", "venue|" + BTC})
    void shouldNameASymbolAlikeAtEveryEndpointAndPassRawPayloadsVerbatim(final String values, final String value)
            throws Exception {
        final String file = Files.writeString(folder.resolve("renamed.conf"), FILE).toString();
        try (ScriptedServer venue = new ScriptedServer(peer -> {
            // two messages, or one with both
            final String first = peer.accept().read().text();
            assertThat(first).doesNotContain("/USDT", "GOLD").containsAnyOf("\"BTCUSDT\"", "\"XAUUSD\"");
            peer.text("{\"id\":1}");
            if (!first.contains("BTCUSDT") || !first.contains("XAUUSD")) {
                assertThat(first + peer.read().text()).contains("BTCUSDT", "XAUUSD").doesNotContain("/USDT", "GOLD");
                peer.text("{\"id\":2}");
            }
            peer.text(BTC).text(GOLD);
            untilClosed(peer);
        }); RelayRig rig = new RelayRig(file, venue.url(), "feed.symbols=on-demand", "feed.spelling=normalised",
                "feed.values=" + values)) {
            final Subscriber raw = rig.fleet.open("/v1/raw?symbols=BTC/USDT&interval=0", 0);
            final Subscriber client = rig.fleet.open("/v1/ws?symbols=BTC/USDT,GOLD&interval=0", 0);
            await("values").until(() -> raw.lastRaw != null && client.seen.size() == 2);
            assertThat(new String(raw.lastRaw, StandardCharsets.UTF_8)).isEqualTo(BTC);
            assertThat(client.seen).containsOnlyKeys("BTC/USDT", "GOLD");
            assertThat(new String(client.seen.get("BTC/USDT").value(), StandardCharsets.UTF_8)).isEqualTo(value);
            assertThat(get(rig, "/v1/snapshot?symbols=BTC/USDT")).contains("\"s\":\"BTC/USDT\"", "\"v\":" + value)
                .doesNotContain("GOLD");
            assertThat(get(rig, "/v1/symbols")).contains("\"BTC/USDT\"", "\"GOLD\"").doesNotContain("BTCUSDT", "XAU");
            assertThat(venue.failures).isEmpty();
        }
    }

    private static String get(final RelayRig rig, final String path) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
            + rig.relay.port() + path)).build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
