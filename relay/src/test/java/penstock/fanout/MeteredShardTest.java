package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.TickRing;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.TestShards;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.usage.session.RelayUsage;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;

/** Usage has the numbers of the delivered counters, whatever sockets take, and in every mode and format. */
class MeteredShardTest {
    private static final List<String> SYMBOLS = List.of("EURUSD", "GBPUSD", "XAUUSD", "T.EURUSD", "USDJPY");
    private static final String PRODUCTS = "fx { symbols = [\"EUR*\", \"GBP*\"] }, metals { symbols = [\"XAU*\"] }, "
        + "trades { channels = [kline], symbols = [\"*\"] }";

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final List<Session> sessions = new ArrayList<>();
    @TempDir
    private Path folder;
    private ManualThread thread;
    private Counters counters;
    private Random random;
    private Shard shard;

    @Test
    void shouldCountWhatTheCountersCount() throws IOException {
        for (final long seed : seeds.rounds(5)) {
            random = Seeds.random(seed);
            sessions.clear();
            thread = new ManualThread(1_000_000_000L);
            counters = new Counters("fanout-0");
            final Path directory = folder.resolve("seed-" + seed);
            live(directory);

            final String ledger = Files.readString(Files.list(directory).filter(
                file -> file.toString().endsWith(".jsonl")).findFirst().orElseThrow());
            assertThat(sum(ledger, "updates")).isEqualTo(counters.get(Counter.UPDATES_DELIVERED))
                .isGreaterThan(100);
            assertThat(sum(ledger, "images")).isEqualTo(counters.get(Counter.IMAGES_DELIVERED))
                .isGreaterThan(10);
            assertThat(ledger).contains("\"product\":\"fx\"", "\"product\":\"metals\"", "\"product\":\"(none)\"");
        }
    }

    private void live(final Path directory) {
        final RelayUsage usage = TestShards.usage(directory, PRODUCTS, Clock.systemUTC());
        final TickRing ring = new TickRing(1_024, 1 << 20);
        final List<Channel> channels = List.of(new Channel(0, "quote", "last-value", true),
            new Channel(1, "kline", "last-value", false));
        shard = TestShards.metered(thread, ring.poller(counters), new TopicTable(channels, 7, 0, 4_096),
            new SessionLimits(50, 5000, 65536, 1_000, 0, 60_000), counters, new Telemetry().errors(),
            usage.addShard(Runnable::run, (task, ms) -> { }));
        final ModelFeed feed = new ModelFeed(ring.publisher(counters, List.of(new ShardProxy(thread, shard)::wake),
            channel -> channels.get(channel).newConflator()), symbol -> symbol.startsWith("T.") ? 1 : 0);
        for (int i = 0; i < 2_000; i++) {
            switch (random.nextInt(20)) {
                case 0 -> open();
                case 1 -> thread.advanceMs(random.nextInt(200));
                case 2 -> end();
                default -> {
                    feed.tick(SYMBOLS.get(random.nextInt(SYMBOLS.size())), thread.nowNs());
                    feed.flush();
                    thread.run();
                }
            }
        }
        usage.close();
    }

    private void open() {
        final RecordingSocket socket = new RecordingSocket(thread, random);
        if (random.nextBoolean()) {
            socket.beFickle();
        }
        final Session session = shard.open(socket, random.nextBoolean() ? WebSocketFormats.RAW
            : WebSocketFormat.PLAIN, "10.0.0." + random.nextInt(3) + ":1");
        final Mode mode = Mode.values()[random.nextInt(Mode.values().length)];
        session.onRequest(ShardRig.request("0", mode, mode == Mode.CONFLATE ? random.nextInt(2) * 50 : -1, "*"));
        thread.run();
        sessions.add(session);
    }

    private void end() {
        if (!sessions.isEmpty()) {
            sessions.remove(random.nextInt(sessions.size())).onDisconnected(Termination.CLIENT_GONE);
            thread.run();
        }
    }

    private static long sum(final String ledger, final String member) {
        return ledger.lines().filter(line -> line.startsWith("{\"type\":\"use\"")).flatMap(line -> Pattern.compile(
            "\"" + member + "\":([0-9]+)").matcher(line).results()).map(MatchResult::group)
            .mapToLong(text -> Long.parseLong(text.replaceAll("[^0-9]", ""))).sum();
    }
}
