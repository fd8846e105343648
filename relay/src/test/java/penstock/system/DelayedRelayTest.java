package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.venue.Venue;

/** A relay with a feed and the same feed a second later, from its recording. */
class DelayedRelayTest {
    private static final long LAG_NS = 1_000_000_000;

    @TempDir
    private Path folder;

    @Test
    void shouldServeTheSameValuesLaterAndNeverEarlier() throws IOException {
        final Path sample = Path.of("src/test/resources/recordings/binance.jsonl");
        try (ReplayServer venue = ReplayServer.start(ReplayServer.Options.of(sample)
                .venue(VenueFileScript.load("binance")).speed(ReplaySpeed.MAX))) {
            final RelayConfig config = config(venue.url("/stream"));
            final List<Venue> venues = config.feeds().values().stream()
                .map(feed -> Venue.load(feed.identity().venue(), feed.settings(), name -> null)).toList();
            final AtomicLong firstNs = new AtomicLong();
            final long beganNs = System.nanoTime();
            try (Relay relay = new Relay(config, venues, null, Clock.systemUTC());
                 SubscriberFleet fleet = new SubscriberFleet(relay.port())) {
                final Subscriber live = fleet.open("/v1/ws?symbols=*&interval=0", 0);
                final Subscriber delayed = fleet.open("/v1/ws?feed=delayed&symbols=*&interval=0", 0,
                    new FirstValue(firstNs));
                await("the feed").until(() -> venue.isFinished() && !live.seen.isEmpty());
                await("the same values").untilAsserted(() -> assertThat(values(delayed)).isEqualTo(values(live)));
                assertThat(fleet.breaches()).isEmpty();
                assertThat(relay.telemetry().errors().entries()).isEmpty();
            }
            assertThat(firstNs.get() - beganNs).as("its first value").isGreaterThanOrEqualTo(LAG_NS);
        }
    }

    /** Notes when the first value came. */
    private record FirstValue(AtomicLong atNs) implements Subscriber.Watcher {
        @Override
        public void onMessage(final String text) {
            if (text.contains("\"data\":[{")) {
                atNs.compareAndSet(0, System.nanoTime());
            }
        }

        @Override
        public boolean isJudge() {
            return false;
        }
    }

    private static Map<String, String> values(final Subscriber subscriber) {
        final Map<String, String> values = new TreeMap<>();
        subscriber.seen.forEach((symbol, seen) -> values.put(symbol, seen.q() + " "
            + new String(seen.value(), StandardCharsets.UTF_8)));
        return values;
    }

    private RelayConfig config(final String url) {
        return new RelayConfigLoader(Map.of()).loadText("delayed.conf", """
            feeds {
              live { venue = binance, url = "%s", symbols = [BTCUSDT, ETHUSDT], record = "%s" }
              delayed { delayed { of = live, by = 1s } }
            }
            server { port = 0, io-threads = 1, drain-time = 0 }
            admin.enabled = false
            telemetry.dir = "%s"
            """.formatted(url, folder.resolve("record"), folder.resolve("telemetry")), List.of());
    }
}
