package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
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
import penstock.telemetry.MetricsPage;
import penstock.venue.Venue;

/** One feed has a list of symbols, another one is on demand: each is asked for its own, within limits of its own. */
class SecondFeedOnDemandTest {
    @TempDir
    private Path folder;

    @Test
    void shouldAskTheFeedThatASubscriptionNames() throws IOException {
        final String file = Files.writeString(folder.resolve("ticking.conf"), TickingVenue.FILE).toString();
        try (TickingVenue one = new TickingVenue("A"); TickingVenue two = new TickingVenue("B");
                Relay relay = relay(file, one.url(), two.url());
                SubscriberFleet fleet = new SubscriberFleet(relay.port())) {
            final Subscriber first = fleet.open("/v1/ws?feed=one&symbols=*", 0);
            await("listed symbols").until(() -> first.seen.size() == 4);
            final Subscriber client = fleet.open("/v1/ws?feed=two&channel=trade&symbols=B1,B*,B_%21", 0);
            await("the symbol that is named").until(() -> client.updates > 5);
            assertThat(client.seen).as("and no other").containsOnlyKeys("B1");
            await("refusal").until(() -> has(client, "\"symbols\":[\"B_!\"],\"state\":\"closed\""));
            assertThat(client.controls).anyMatch(text -> text.contains("on demand: a pattern matches only"));
            assertThat(first.controls).noneMatch(text -> text.contains("on demand"));
            client.send("{\"op\":\"subscribe\",\"sub\":\"1\",\"feed\":\"two\",\"symbols\":[\"B0\",\"B2\",\"B3\"]}");
            await("its own limit").until(() -> has(client, "one session names at most 4 symbols"));
            client.send("{\"op\":\"subscribe\",\"sub\":\"2\",\"feed\":\"one\",\"symbols\":[\"A0\",\"A1\",\"A2\",\"A9\"]}");
            await("not limited").until(() -> client.seen.containsKey("A2"));
            fleet.drop(client);
            await("forgotten").until(() -> metrics(relay).contains("penstock_feed_wanted{feed=\"two\"} 0.0\n"));
            final Subscriber later = fleet.open("/v1/ws?feed=two&channel=quote&symbols=B3", 0);
            await("another symbol, with the number of one that is gone").until(() -> later.updates > 5);
            assertThat(first.seen.keySet()).containsExactlyInAnyOrder("A0", "A1", "A2", "A3");
            assertThat(fleet.breaches()).isEmpty();
            assertThat(relay.telemetry().errors().entries()).isEmpty();
        }
    }

    private static boolean has(final Subscriber subscriber, final String text) {
        return subscriber.controls.stream().anyMatch(each -> each.contains(text));
    }

    private static String metrics(final Relay relay) {
        return new MetricsPage(relay.telemetry()).text();
    }

    private static Relay relay(final String file, final String one, final String two) throws IOException {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("feeds.conf",
            "server { port = 0, io-threads = 1 }\nadmin.enabled = false\nfeeds {\n one { venue = \"" + file
            + "\", url = \"" + one + "\", symbols = [X] }\n two { venue = \"" + file + "\", url = \"" + two
            + "\", symbols = on-demand, linger = 0, max-symbols-per-session = 4 }\n}", List.of());
        return new Relay(config, config.feeds().values().stream()
            .map(feed -> Venue.load(file, feed.settings(), key -> null)).toList(), null, Clock.systemUTC());
    }
}
