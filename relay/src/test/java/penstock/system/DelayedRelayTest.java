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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.replay.FeedServer;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.telemetry.Counter;
import penstock.testkit.Patience;
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
            final RelayConfig config = config("venue = binance, symbols = [BTCUSDT, ETHUSDT]", venue.url("/stream"));
            final AtomicLong firstNs = new AtomicLong();
            final long beganNs = System.nanoTime();
            try (Relay relay = relay(config);
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

    /**
     * Symbols over several connections, which number their messages, and two connections for the same ones: nothing is
     * lost, nothing comes twice, nothing comes early.
     */
    @ParameterizedTest
    @ValueSource(strings = {"symbols = [A, B, C]", "symbols = [A, B], arbitrate = true"})
    void shouldServeAllThatSeveralConnectionsSentAndNothingEarly(final String settings) throws Exception {
        final SplitVenue script = new SplitVenue();
        try (FeedServer venue = FeedServer.start(0, script)) {
            final RelayConfig config = config("venue = \"" + SplitVenue.file(folder) + "\", " + settings,
                venue.url("/"));
            final AtomicLong leastNs = new AtomicLong(Long.MAX_VALUE);
            try (Relay relay = relay(config); SubscriberFleet fleet = new SubscriberFleet(relay.port())) {
                final int symbols = config.feeds().get("feeds.live").topics().symbols().size();
                final Subscriber live = fleet.open("/v1/ws?symbols=*&interval=0", 0);
                final Subscriber delayed =
                    fleet.open("/v1/ws?feed=delayed&symbols=*&interval=0", 0, new LeastAge(leastNs));
                await("all of it").atMost(Patience.LIMIT).until(() -> delayed.seen.size() == symbols
                    && delayed.seen.values().stream().allMatch(seen -> seen.q() > 500));
                venue.dropConnections();
                await("the venue is back").atMost(Patience.LIMIT)
                    .until(() -> venue.clientCount() == symbols * (settings.contains("arbitrate") ? 2 : 1));
                final long before = live.seen.get("A").q();
                await("values").atMost(Patience.LIMIT).until(() -> live.seen.get("A").q() > before + 200);
                script.silence();
                await("the same values").atMost(Patience.LIMIT)
                    .untilAsserted(() -> assertThat(values(delayed)).isEqualTo(values(live)));
                assertThat(fleet.breaches()).isEmpty();
                assertThat(relay.telemetry().errors().entries()).isEmpty();
                assertThat(relay.telemetry().sum(Counter.FEED_GAPS)).as("gaps").isZero();
                assertThat(relay.telemetry().sum(Counter.FEED_UNMATCHED)).as("unmatched").isZero();
            }
            assertThat(leastNs.get()).as("age of the youngest value").isGreaterThanOrEqualTo(LAG_NS);
        }
    }

    /** Keeps the least age of a value. */
    private record LeastAge(AtomicLong ns) implements Subscriber.Watcher {
        private static final Pattern SENT = Pattern.compile("\"sent\":(\\d+)");

        @Override
        public void onMessage(final String text) {
            final long nowNs = System.nanoTime();
            final Matcher sent = SENT.matcher(text);
            while (sent.find()) {
                ns.accumulateAndGet(nowNs - Long.parseLong(sent.group(1)), Math::min);
            }
        }

        @Override
        public boolean isJudge() {
            return false;
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

    private static Relay relay(final RelayConfig config) throws IOException {
        return new Relay(config, config.feeds().values().stream()
            .map(feed -> Venue.load(feed.identity().venue(), feed.settings(), name -> null)).toList(), null,
            Clock.systemUTC());
    }

    private RelayConfig config(final String live, final String url) {
        return new RelayConfigLoader(Map.of()).loadText("delayed.conf", """
            feeds {
              live { %s, url = "%s", record = "%s" }
              delayed { delayed { of = live, by = 1s } }
            }
            server { port = 0, io-threads = 1, drain-time = 0 }
            admin.enabled = false
            telemetry.dir = "%s"
            """.formatted(live, url, folder.resolve("record"), folder.resolve("telemetry")), List.of());
    }
}
