package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.VenueSettings;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.identity.key.ClientKey;
import penstock.testkit.RecordedLog;
import penstock.venue.Venue;

/** What an operator sees when a relay starts: where to look, and who is served. */
class BannerTest {
    @TempDir
    private Path folder;

    @Test
    void shouldSayThatEveryoneOnThisMachineIsServed() throws IOException {
        try (RecordedLog log = new RecordedLog("penstock")) {
            assertThat(clients("")).isEqualTo("everyone on this machine (auth.mode = none)");
            assertThat(log.lines()).noneMatch(line -> line.contains("auth.mode"));
        }
    }

    @Test
    void shouldWarnThatEveryoneIsServedAndNameTheRemedy() throws IOException {
        try (RecordedLog log = new RecordedLog("penstock")) {
            assertThat(clients("server.host = \"0.0.0.0\"")).isEqualTo("EVERYONE who reaches this machine: set "
                + "auth.mode = keys and auth.keys-file, or server.host = 127.0.0.1");
            assertThat(log.lines()).anyMatch(line -> line.startsWith("WARN server.host = 0.0.0.0 lets other machines")
                && line.contains("set auth.mode = keys and auth.keys-file"));
        }
    }

    @Test
    void shouldSayHowManyKeysThereAreAndNothingOfThem() throws IOException {
        final Path keys = folder.resolve("keys.conf");
        final String hash = ClientKey.hash(ClientKey.random());
        Files.writeString(keys, "keys = [{ id = desk-7, hash = \"sha256:" + hash + "\", products = [fx] }]");
        final String shown = clients("server.host = \"0.0.0.0\"\nauth { mode = keys, keys-file = \"" + keys
            + "\" }\nproducts.fx.symbols = [\"EUR*\"]");

        assertThat(shown).isEqualTo("1 key in " + keys + " (auth.mode = keys)").doesNotContain(hash, "desk-7");
    }

    @Test
    void shouldNameThePageOfTheOperatorsListenerBesideThatOfPrices() throws IOException {
        final List<String> banner = banner("admin { enabled = true, port = 0 }");
        final String metrics = only(banner, "metrics");

        assertThat(banner.get(1)).startsWith("  prices in a browser   http://localhost:");
        assertThat(banner.get(2)).matches("  what is wrong now     http://localhost:[0-9]+/ops");
        assertThat(only(banner, "what is wrong now")).isEqualTo(metrics.replace("/metrics", "/ops"));
    }

    @Test
    void shouldNameNoPageWithoutTheOperatorsListener() throws IOException {
        assertThat(banner("")).noneMatch(line -> line.contains("/ops"));
    }

    @Test
    void shouldSayWhatItIsAmongOthers() throws IOException {
        assertThat(banner("")).noneMatch(line -> line.contains("its role"));
        assertThat(only(banner("role = ingest\n"), "its role")).isEqualTo("ingest");
    }

    private String clients(final String more) throws IOException {
        return only(banner(more), "clients");
    }

    private static String only(final List<String> banner, final String name) {
        return banner.stream().filter(line -> line.startsWith("  " + name + " ")).findFirst().orElseThrow()
            .substring(name.length() + 2).trim();
    }

    private List<String> banner(final String more) throws IOException {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("banner.conf", "feed { venue = json, "
            + "url = \"ws://127.0.0.1:1/\", symbols = [A] }\nserver { port = 0, io-threads = 1, drain-time = 0 }\n"
            + "admin.enabled = false\ntelemetry.dir = \"" + folder.resolve("telemetry") + "\"\n" + more, List.of());
        final Venue venue = Venue.load("json", VenueSettings.DEFAULT, name -> null);
        try (Relay relay = new Relay(config, venue, null)) {
            return RelayService.banner(relay, new ConfigOptions.Loaded(config, null, List.of(venue), null));
        }
    }
}
