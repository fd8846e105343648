package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.audit.Termination;
import penstock.config.relay.AuthConfig;
import penstock.fanout.format.WebSocketFormat;
import penstock.identity.Identity;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.ring.TickRing;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.RecordingSocket;
import penstock.testkit.TestShards;
import penstock.testkit.WorkingThread;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.usage.session.RelayUsage;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;

/** A topic appears that a client may not see: whether a pattern asks for nothing else is found out in slices. */
class DeniedPatternTest {
    private static final long MS = 1_000_000;
    private static final int TOPICS = 5_000;

    private final WorkingThread thread = new WorkingThread(1_000 * MS, MS / 20);
    private final Counters counters = new Counters("fanout-0");
    @TempDir
    private Path folder;
    private Telemetry telemetry;
    private RelayUsage usage;
    private Shard shard;
    private ModelFeed feed;
    private Session session;

    @BeforeEach
    void connect() {
        telemetry = new Telemetry();
        usage = TestShards.usage(folder, "open { symbols = [\"S*\"] }, hidden { symbols = [\"X*\"] }",
            Clock.systemUTC());
        final TickRing ring = new TickRing(16_384, 1 << 20);
        final List<Channel> channels = List.of(new Channel(0, "quote", "last-value", true));
        shard = TestShards.metered(thread, ring.poller(counters), new TopicTable(channels, 7, 0, 4_096),
            new SessionLimits(50, 5_000, 65_536, 1_000, 0, 60_000), counters, telemetry.errors(),
            usage.addShard(Runnable::run, (task, ms) -> { }));
        feed = new ModelFeed(ring.publisher(counters, List.of(new ShardProxy(thread, shard)::wake),
            channel -> channels.get(channel).newConflator()), symbol -> 0);
        for (int i = 0; i < TOPICS; i++) {
            feed.tick("S" + i, thread.nowNs());
        }
        feed.flush();
        shard.newestTopics();
        final Products products =
            new Products(Map.of("open", new AuthConfig.Product(List.of(), List.of("S*"))));
        session = shard.open(new RecordingSocket(thread, new Random(1)), WebSocketFormat.PLAIN, "10.0.0.1:1",
            new Identity(new Principal("desk-7", Set.of("open"), 0, Principal.NEVER, "test"),
            products.of(Set.of("open"))), "10.0.0.1:1");
    }

    @AfterEach
    void close() {
        usage.close();
        telemetry.close();
    }

    @Test
    void shouldReportThePatternThatAsksForNothingElseInSlices() throws IOException {
        subscribe("S*", "X*");
        appear("X1", "X2");
        assertThat(shard.work().size()).isOne();
        settle();
        assertThat(thread.longestNs()).isLessThanOrEqualTo(3 * MS);
        assertThat(thread.tasks()).isGreaterThan(TOPICS / 2 / 40);
        assertThat(denials()).isOne();
    }

    @Test
    void shouldNotReportAPatternOfWhichTheClientHasATopic() throws IOException {
        subscribe("*", "*1");
        appear("X1");
        settle();
        assertThat(denials()).isZero();
    }

    @Test
    void shouldReportAPatternOfASessionThatHasEndedMeanwhile() throws IOException {
        subscribe("S*", "X*");
        appear("X1");
        session.onDisconnected(Termination.CLIENT_GONE);
        settle();
        assertThat(denials()).isOne();
    }

    @Test
    void shouldReportNothingThatAppearsAfterTheEndOfASession() throws IOException {
        subscribe("S*", "X*");
        session.onDisconnected(Termination.CLIENT_GONE);
        appear("X1");
        settle();
        assertThat(denials()).isZero();
    }

    private void subscribe(final String... patterns) {
        session.onRequest(ShardRig.request("a", Mode.CONFLATE, 60_000, patterns));
        settle();
        thread.watch(() -> 0);
    }

    private void appear(final String... symbols) {
        for (final String symbol : symbols) {
            feed.tick(symbol, thread.nowNs());
        }
        feed.flush();
        shard.newestTopics();
    }

    private void settle() {
        while (shard.work().size() > 0) {
            thread.advanceMs(1);
        }
    }

    private long denials() throws IOException {
        usage.close();
        try (Stream<Path> files = Files.list(folder)) {
            final Path ledger = files.filter(file -> file.toString().endsWith(".jsonl")).findFirst().orElseThrow();
            return Files.readAllLines(ledger).stream().filter(line -> line.contains("\"denied\"")).count();
        }
    }
}
