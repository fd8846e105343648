package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedClient;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;
import penstock.telemetry.Counter;
import penstock.testkit.Seeds;

/**
 * Two servers send the same numbered quotes, one later than the other, and lose their connections in turn: as long as
 * one lives, no client sees a quote go back, go missing, or become stale.
 */
class TwinFeedsTest {
    private static final int LOSSES = 12;
    /** Updates between two losses: the subscriber sees what happens, also on a machine where most are conflated. */
    private static final int SEEN_BETWEEN = 10;
    private static final long REPEATED = 20;
    private static final long EVERY_NS = 2_000_000;
    private static final long SETTLED_NS = 150_000_000;
    private static final Pattern NUMBER = Pattern.compile("\"s\":\"([A-Z]+)\",\"n\":(\\d+)");
    private static final String FILE = """
        name = twins
        connection { idle { any-frame = 5s, data = 5s }, reconnect { min = 10ms, max = 50ms, reset-after = 50ms }, max-connections = 2 }
        channels { book-top { class = last-value, default = true } }
        subscribe { message = \"""{"sub":{symbols|json}}\""", ack { mode = none } }
        messages { rules = [
          { name = quote, match { "$/s" = "*" }, channel = book-top, key = "$/s",
          seq { rule = increasing, at = "$/n" }, emit = "$" }
        ] }
        """;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final Random random = seeds.random();
    private final long startNs = System.nanoTime();

    @TempDir
    private Path folder;

    /** Sends the same quotes as another one, {@code delayNs} late. Owned by the server's io thread. */
    private final class Twin implements FeedScript {
        final FeedServer server;
        volatile long askedNs = Long.MAX_VALUE;
        volatile int askedCount;
        private final Map<FeedClient, Long> sent = new HashMap<>();
        private final Set<FeedClient> asked = new HashSet<>();
        private final long delayNs;

        Twin(final long delayNs) {
            this.delayNs = delayNs;
            server = FeedServer.start(0, this);
        }

        /** One connection to each server: after a loss a connection goes to the other server first, and back later. */
        boolean isSettled() {
            return askedCount == 1 && askedNs != Long.MAX_VALUE && System.nanoTime() - askedNs > SETTLED_NS;
        }

        @Override
        public void onOpen(final FeedClient client, final long nowNs) {
            sent.put(client, number());
        }

        @Override
        public void onText(final FeedClient client, final byte[] buffer, final int offset, final int length) {
            asked.add(client);
            // it begins where the other one has been: the faster of two would leave out what the slower one has yet to
            // tell
            sent.put(client, number() - REPEATED);
            askedCount = asked.size();
            askedNs = System.nanoTime();
        }

        @Override
        public void onClosed(final FeedClient client, final long nowNs) {
            sent.remove(client);
            asked.remove(client);
            askedCount = asked.size();
            askedNs = System.nanoTime();
        }

        @Override
        public long onTurn(final long nowNs, final Outlet outlet) {
            for (final FeedClient client : asked) {
                while (sent.get(client) < number()) {
                    final long number = sent.merge(client, 1L, Long::sum);
                    client.send("{\"s\":\"BTCUSDT\",\"n\":" + number + "}");
                    client.send("{\"s\":\"ETHUSDT\",\"n\":" + number + "}");
                }
            }
            return nowNs + EVERY_NS / 2;
        }

        private long number() {
            return 1_000 + (System.nanoTime() - startNs - delayNs) / EVERY_NS;
        }

        void lose() {
            askedNs = Long.MAX_VALUE;
            switch (random.nextInt(3)) {
                case 0 -> server.dropConnections();
                case 1 -> server.closeConnections(1001, "going away");
                default -> {
                    server.kill();
                    server.restart();
                }
            }
        }
    }

    @Test
    void shouldShowNoLossWhileOneOfTwoConnectionsLives() throws Exception {
        final List<Twin> twins = List.of(new Twin(3_000_000), new Twin(11_000_000));
        final String venue = Files.writeString(folder.resolve("twins.conf"), FILE).toString();
        final List<String> urls = twins.stream().map(twin -> twin.server.url("/feed")).toList();
        try (RelayRig rig = new RelayRig(venue, urls, null, "feed.arbitrate=true")) {
            await("both").until(() -> twins.stream().allMatch(Twin::isSettled));
            final Subscriber subscriber = rig.fleet.open("/v1/ws?channel=book-top&symbols=*&interval=0", 0);
            await("quotes").until(() -> subscriber.updates > 10);
            final Map<String, Long> first = new HashMap<>();
            subscriber.seen.forEach((symbol, seen) -> first.put(symbol, number(seen) - seen.q()));
            for (int i = 0; i < LOSSES; i++) {
                final int which = random.nextInt(2);
                final long before = subscriber.updates;
                await("both, loss " + i).pollInterval(Duration.ofMillis(2))
                    .until(() -> {
                    check(subscriber, first);
                    return twins.stream().allMatch(Twin::isSettled) && subscriber.updates - before > SEEN_BETWEEN;
                });
                twins.get(which).lose();
            }
            await("the end").until(() -> twins.stream().allMatch(Twin::isSettled));
            check(subscriber, first);
            assertThat(rig.relay.telemetry().sum(Counter.FEED_ARBITRATED)).isPositive();
            assertThat(rig.relay.telemetry().sum(Counter.FEED_CONNECTS)).isGreaterThanOrEqualTo(2 + LOSSES);
            assertThat(subscriber.controls).noneMatch(text -> text.contains("stale"));
            checkOrder(subscriber);
        } finally {
            twins.forEach(twin -> twin.server.close());
        }
    }

    /**
     * The relay counts the updates it accepts: if it accepts each number once, the count and the number grow together.
     */
    private static void check(final Subscriber subscriber, final Map<String, Long> first) {
        subscriber.seen.forEach((symbol, seen) -> {
            assertThat(number(seen) - seen.q()).as("%s is %d with q %d", symbol, number(seen), seen.q())
                .isEqualTo(first.get(symbol));
            assertThat(seen.stale()).as("%s is stale", symbol).isFalse();
        });
    }

    private static void checkOrder(final Subscriber subscriber) {
        final Map<String, Long> last = new HashMap<>();
        for (final String change : subscriber.changes) {
            final Matcher number = NUMBER.matcher(change);
            assertThat(number.find()).as(change).isTrue();
            final Long before = last.put(number.group(1), Long.parseLong(number.group(2)));
            assertThat(before == null || before <= last.get(number.group(1)))
                .as("%s after %d", change, before).isTrue();
        }
    }

    private static long number(final Subscriber.Seen seen) {
        final Matcher number = NUMBER.matcher(new String(seen.value(), StandardCharsets.UTF_8));
        assertThat(number.find()).isTrue();
        return Long.parseLong(number.group(2));
    }
}
