package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedServer;
import penstock.telemetry.Counter;
import penstock.testkit.Seeds;

/** Subscribers decide what the venue is asked for. */
class OnDemandTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final OnDemandVenue venue = new OnDemandVenue();
    private final FeedServer server = FeedServer.start(0, venue);

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldSubscribeOnDemandAndUnsubscribeWithoutInterest() throws Exception {
        try (RelayRig rig = rig("max-connections = 1", "feed.linger=50ms")) {
            final Subscriber one = rig.fleet.open("/v1/ws?symbols=EURUSD,GBPUSD&interval=0", 0);
            await("data").until(() -> one.seen.keySet().equals(Set.of("EURUSD", "GBPUSD")));
            assertThat(one.controls).anyMatch(text -> text.contains("\"unknown\":[\"EURUSD\",\"GBPUSD\"]"));
            final Subscriber two = rig.fleet.open("/v1/ws?symbols=EURUSD&interval=0", 0);
            await("image").until(() -> two.seen.containsKey("EURUSD"));
            assertThat(venue.asked).isEqualTo(Map.of("EURUSD", 1, "GBPUSD", 1));
            one.send("{\"op\":\"unsubscribe\",\"id\":1,\"sub\":\"0\"}");
            await("one let go").until(() -> venue.asked.keySet().equals(Set.of("EURUSD")));
            two.channel.close();
            await("all let go").until(venue.asked::isEmpty);
            // the relay has forgotten both
            final Subscriber late = rig.fleet.open("/v1/ws?symbols=G*&interval=0", 0);
            await("late image").until(() -> late.isSnapshotDone);
            assertThat(late.seen).isEmpty();
            assertThat(late.controls).anyMatch(text -> text.contains("\"warnings\":[\"the feed is on demand: "));
            late.send("{\"op\":\"subscribe\",\"id\":2,\"symbols\":[\"GBPUSD\"],\"interval\":0}");
            await("served again").until(() -> late.seen.containsKey("GBPUSD"));
            assertThat(rig.relay.telemetry().sum(Counter.FEED_CONNECTS)).isEqualTo(1);
        }
    }

    @Test
    void shouldNotifyTheSubscriberWhenTheVenueRejectsASymbol() throws Exception {
        try (RelayRig rig = rig("max-connections = 1")) {
            final Subscriber one = rig.fleet.open("/v1/ws?symbols=EURUSD,XYZ&interval=0", 0);
            await("the good one").until(() -> one.seen.containsKey("EURUSD"));
            await("the bad one")
                .until(() -> one.controls.stream().anyMatch(text -> text.contains("\"scope\":\"symbols\"")
                && text.contains("\"symbols\":[\"XYZ\"]") && text.contains("\"state\":\"closed\"")
                && text.contains("unknown symbol")));
            final Subscriber late = rig.fleet.open("/v1/ws?symbols=XYZ&interval=0", 0);
            await("notified too")
                .until(() -> late.controls.stream().anyMatch(text -> text.contains("\"state\":\"closed\"")));
        }
    }

    @Test
    void shouldServeAGoodNameAfterManyBadOnes() throws Exception {
        try (RelayRig rig = rig("max-connections = 1", "feed.linger=0", "feed.max-symbols=100",
                "feed.max-symbols-per-session=540", "fanout.limits.requests-per-second=1000")) {
            final List<Subscriber> bad = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                final Subscriber one = rig.fleet.open("/v1/ws", 0);
                bad.add(one);
                await("open").until(() -> one.isOpen);
                for (int j = 0; j < 540; j += 90) {
                    bad.get(i).send(subscribe(i, j));
                }
            }
            for (final Subscriber one : bad) {
                await("told of each of 540 names").until(() -> closedNames(one) == 540);
            }
            final Subscriber waiting = rig.fleet.open("/v1/ws?symbols=SOLUSDT&interval=0", 0);
            await("told why it waits").until(() -> waiting.controls.stream()
                .anyMatch(text -> text.contains("\"symbols\":[\"SOLUSDT\"],\"state\":\"closed\"")
                    && text.contains("feed.max-symbols")));
            for (final Subscriber one : bad) {
                one.channel.close();
            }
            await("served once there is room").until(() -> waiting.seen.containsKey("SOLUSDT"));
            final Subscriber good = rig.fleet.open("/v1/ws?symbols=ETHUSDT&interval=0", 0);
            await("served at once").until(() -> good.seen.containsKey("ETHUSDT"));
            await("nothing else is left").until(() -> venue.asked.keySet().equals(Set.of("SOLUSDT", "ETHUSDT")));
        }
    }

    /** Through one proxy, whose address they would share otherwise. */
    @Test
    void shouldCountTopicsAndWorkByTheAddressThatATrustedProxyNames() throws Exception {
        try (RelayRig rig = rig("max-connections = 1", "feed.max-symbols-per-address=1",
                "server.trusted-proxies=[127.0.0.1]", "limits.work-per-second=1", "server.io-threads=1");
             HostileClient greedy = behindProxy(rig, "/v1/ws?symbols=EURUSD&interval=0", "203.0.113.7");
             HostileClient good = behindProxy(rig, "/v1/ws?symbols=BTCUSDT&interval=0", "198.51.100.1")) {
            readUntil(greedy, "\"s\":\"EURUSD\"");
            readUntil(good, "\"s\":\"BTCUSDT\"");
            try (HostileClient more = behindProxy(rig, "/v1/ws?symbols=GBPUSD&interval=0", "203.0.113.7")) {
                assertThat(readUntil(more, "\"state\":\"closed\"")).contains("GBPUSD", "feed.max-symbols-per-address");
            }
            assertThat(venue.asked.keySet()).isEqualTo(Set.of("EURUSD", "BTCUSDT"));
            // two values cost the work of two seconds, which is all that can be saved up
            assertThat(snapshot(rig, "203.0.113.8")).startsWith("HTTP/1.1 200 ");
            assertThat(snapshot(rig, "203.0.113.8")).startsWith("HTTP/1.1 429 ");
            assertThat(snapshot(rig, "198.51.100.2")).startsWith("HTTP/1.1 200 ");
        }
    }

    /** The next text with {@code part}. */
    private static String readUntil(final HostileClient client, final String part) throws IOException {
        String text = client.readFrame().text();
        while (!text.contains(part)) {
            text = client.readFrame().text();
        }
        return text;
    }

    private static HostileClient behindProxy(final RelayRig rig, final String target, final String client)
            throws IOException {
        final HostileClient socket = new HostileClient(rig.relay.port());
        socket.write(forwarded(HostileClient.handshake(target), client));
        assertThat(socket.readHead()).startsWith("HTTP/1.1 101 ");
        return socket;
    }

    private static String snapshot(final RelayRig rig, final String client) throws IOException {
        try (HostileClient socket = new HostileClient(rig.relay.port())) {
            socket.write(forwarded(HostileClient.ascii("GET /v1/snapshot?symbols=EURUSD,BTCUSDT,GBPUSD HTTP/1.1\r\n"
                + "Host: localhost\r\n\r\n"), client));
            return socket.readHttp();
        }
    }

    private static byte[] forwarded(final byte[] request, final String client) {
        return HostileClient.ascii(new String(request, StandardCharsets.US_ASCII)
            .replace("\r\n\r\n", "\r\nX-Forwarded-For: " + client + "\r\n\r\n"));
    }

    private static String subscribe(final int session, final int from) {
        final List<String> names = new ArrayList<>();
        for (int i = from; i < from + 90; i++) {
            names.add("\"X" + session + "N" + i + (i % 2 == 0 ? "\"" : ",\""));
        }
        return "{\"op\":\"subscribe\",\"symbols\":[" + String.join(",", names) + "]}";
    }

    private static long closedNames(final Subscriber subscriber) {
        return subscriber.controls.stream().filter(text -> text.contains("\"scope\":\"symbols\""))
            .flatMap(text -> Pattern.compile("\"(X\\d+N\\d+),?\"").matcher(text).results())
            .map(MatchResult::group).distinct().count();
    }

    @Test
    void shouldSpreadOverConnectionsAndKeepEveryLedgerExactUnderChange() throws Exception {
        final Random random = seeds.random();
        try (RelayRig rig = rig("max-connections = 5, max-subscriptions = 10", "feed.linger=20ms")) {
            final List<Subscriber> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(rig.fleet.open("/v1/ws?symbols=S" + i % 10 + "&interval=" + i % 3 * 20, 0));
            }
            final List<Set<String>> wanted = new ArrayList<>();
            all.forEach(subscriber -> {
                // what it gives back and names again later may be a new topic
                subscriber.mayBeginAgain = true;
                wanted.add(new HashSet<>());
            });
            await("open").until(() -> all.stream().allMatch(subscriber -> subscriber.isSnapshotDone));
            for (int i = 0; i < 300; i++) {
                final int who = random.nextInt(all.size());
                final String symbol = "T" + random.nextInt(40);
                final boolean more = !wanted.get(who).contains(symbol);
                final String op = more ? "\"subscribe\",\"interval\":0" : "\"unsubscribe\"";
                all.get(who).send("{\"op\":" + op + ",\"sub\":\"more\",\"symbols\":[\"" + symbol + "\"]}");
                if (more) {
                    wanted.get(who).add(symbol);
                } else {
                    wanted.get(who).remove(symbol);
                }
                if (i % 100 == 50) {
                    server.dropConnections();
                }
            }
            final Set<String> together = new HashSet<>();
            wanted.forEach(together::addAll);
            for (int i = 0; i < 10; i++) {
                together.add("S" + i);
            }
            await("the venue has exactly the subscriptions of interest")
                .until(() -> venue.asked.keySet().equals(together));
            assertThat(venue.asked.values()).containsOnly(1);
            assertThat(venue.mostOnOne).isLessThanOrEqualTo(10);
        }
    }

    private RelayRig rig(final String connection, final String... settings) throws Exception {
        final List<String> all = new ArrayList<>(List.of(settings));
        all.add("feed.symbols=on-demand");
        return new RelayRig(OnDemandVenue.file(folder, connection).toString(), server.url("/"),
            all.toArray(String[]::new));
    }
}
