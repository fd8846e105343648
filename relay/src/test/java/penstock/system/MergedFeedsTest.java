package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.venue.Venue;

/** The same topics from two vendors: the preferred one stops, comes back, and is lost. */
class MergedFeedsTest {
    @TempDir
    private Path folder;

    @Test
    void shouldFollowTheOtherVendorAndSayWhoseValueItIs() throws IOException {
        final String file = Files.writeString(folder.resolve("ticking.conf"), TickingVenue.FILE.replace("channel = quote, key = \"$/s\", emit = \"$\"",
            "channel = quote, key = \"$/s\", emit { bid = \"$/sent\" }")).toString();
        try (TickingVenue one = new TickingVenue("S"); TickingVenue two = new TickingVenue("S");
                Relay relay = relay(file, one.url(), two.url());
                SubscriberFleet fleet = new SubscriberFleet(relay.port())) {
            final Subscriber client = fleet.open("/v1/ws?feed=merged&symbols=*&interval=0", 0);
            await("of one").until(() -> isFrom(client, "one"));
            one.silence(true);
            await("of two").until(() -> isFrom(client, "two"));
            assertThat(client.controls).as("a silent vendor is no loss").noneMatch(
                text -> text.contains("\"type\":\"status\"") && text.contains("stale"));
            one.silence(false);
            await("back").until(() -> isFrom(client, "one"));
            one.kill();
            await("of two").until(() -> isFrom(client, "two"));
            assertThat(client.controls).noneMatch(text -> text.contains("\"feed\":\"merged\",\"state\":\"stale\""));
            two.kill();
            await("none left").until(() -> client.controls.stream()
                .anyMatch(text -> text.contains("\"feed\":\"merged\",\"state\":\"stale\"")));
            two.restart();
            await("of two").until(() -> isFrom(client, "two") && client.controls.stream()
                .anyMatch(text -> text.contains("\"feed\":\"merged\",\"state\":\"live\"")));
            assertThat(fleet.breaches()).isEmpty();
            assertThat(relay.telemetry().errors().entries()).isEmpty();
        }
    }

    private static boolean isFrom(final Subscriber client, final String vendor) {
        return client.seen.size() == 4 && client.seen.values().stream().allMatch(seen -> !seen.stale()
            && new String(seen.value(), StandardCharsets.UTF_8).endsWith(",\"from\":\"" + vendor + "\"}"));
    }

    private static Relay relay(final String file, final String one, final String two) throws IOException {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("merge.conf",
            "server { port = 0, io-threads = 1 }\nadmin.enabled = false\nfeeds {\n one { venue = \"" + file + "\", url = \"" + one + "\", symbols = [X] }\n"
            + " two { venue = \"" + file + "\", url = \"" + two + "\", symbols = [X] }\n}\n"
            + "merge { quote { from = [one, two], prefer = first, max-age = 100ms } }", List.of());
        return new Relay(config, config.feeds().values().stream()
            .map(feed -> Venue.load(file, feed.settings(), key -> null)).toList(), null, Clock.systemUTC());
    }
}
