package penstock.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.client.BrokenLedger;
import penstock.client.ClientListener;
import penstock.client.ClientOptions;
import penstock.client.GridTerms;
import penstock.client.PenstockClient;
import penstock.client.PriceGrid;
import penstock.client.RefusedException;
import penstock.client.SessionState.Phase;
import penstock.client.TopicView;
import penstock.replay.FeedServer;
import penstock.system.RelayProcess;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/** The client in Java against a relay in a process of its own, while its connection is cut again and again. */
@Tag("gate")
class JavaClientTest {
    private static final int CUTS = Integer.getInteger("penstock.client.cuts", 1_000);
    private static final int CUTS_TO_AN_UPSTREAM_CUT = 25;
    private static final long LONGEST_PAUSE_NS = 6_000_000;

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    @TempDir
    private Path folder;
    /** Two threads: the client is to have one task at a time all the same. */
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final ConcurrentLinkedQueue<String> faults = new ConcurrentLinkedQueue<>();
    private final CutTransport transport = new CutTransport();
    private final TradeAccount trades = new TradeAccount();
    /** By the query of a snapshot that has the same. */
    private final Map<String, PriceGrid> grids = new LinkedHashMap<>();

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldShowWhatTheRelayHasAfterAThousandCuts() throws Exception {
        final Random random = seeds.random();
        final MarketScript venue = new MarketScript(new Market(seeds.fresh(), 4), seeds.random());
        try (FeedServer server = FeedServer.start(0, venue); RelayProcess relay = relay(server);
             PenstockClient client = PenstockClient.connect("ws://127.0.0.1:" + relay.port, options(random))) {
            subscribe(client);
            for (int i = 1; i <= CUTS; i++) {
                cut(i, client, random);
                if (i % CUTS_TO_AN_UPSTREAM_CUT == 0) {
                    server.dropConnections();
                }
            }
            venue.isSending = false;
            await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(differences(client, relay)).isEmpty());
            assertThat(faults).isEmpty();
            assertThat(trades.faults).isEmpty();
            assertThat(trades.count()).isPositive();
            assertThat(transport.resumed()).as("subscriptions that went on").isGreaterThan(CUTS);
            assertThat(transport.began()).as("subscriptions that began again").isPositive();
            System.out.printf("%d cuts: %d subscriptions resumed, %d began; %d events%n", CUTS, transport.resumed(),
                transport.began(), trades.count());
        } finally {
            executor.shutdownNow();
        }
    }

    /** Some are cut during the handshake, some while snapshots come, most when all is there. */
    private void cut(final int number, final PenstockClient client, final Random random) {
        if (number % 4 != 0) {
            until(() -> client.state().phase() == Phase.OPEN);
        }
        if (number % 8 > 2) {
            until(() -> transport.snapshots() >= grids.size());
        }
        LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NS));
        transport.cut();
    }

    private void subscribe(final PenstockClient client) {
        open(client, "channel=quote", GridTerms.of("*").interval(20));
        open(client, "channel=quote&every=one", GridTerms.of("S0", "S1", "S2", "S3").everyUpdate());
        open(client, "channel=quote&whole=values", GridTerms.of("*").interval(0).wholeValues());
        open(client, "channel=stats", GridTerms.of("S*").interval(10));
        open(client, "channel=stats&fields=n,b", GridTerms.of("*").interval(20).fields("n", "b"));
        open(client, "channel=stats&every=one", GridTerms.of("*").everyUpdate());
        open(client, "channel=book&symbols=S0", GridTerms.of("S0").interval(0));
        open(client, "channel=book&symbols=S1&depth=2", GridTerms.of("S1").interval(10).depth(2));
        open(client, "channel=book&symbols=S2", GridTerms.of("S2").everyUpdate());
        grids.put("channel=trade", client.trades(GridTerms.of("*"), trades));
    }

    private void open(final PenstockClient client, final String query, final GridTerms terms) {
        final String channel = query.replaceFirst("channel=(\\w+).*", "$1");
        grids.put(query, client.open(terms.channel(channel), frame -> frame.forEach(TopicView::json), null));
    }

    private ClientOptions options(final Random random) {
        final ClientListener listener = new ClientListener() {
            @Override
            public void onBroken(final BrokenLedger broken) {
                faults.add(broken.toString());
            }

            @Override
            public void onError(final RefusedException error) {
                faults.add(error.code() + " " + error.getMessage());
            }
        };
        return ClientOptions.on(executor).transport(transport).listener(listener)
            .platform(new HastyPlatform(Seeds.random(random.nextLong())));
    }

    /** How what the grids show is unlike the relay's snapshots. */
    private List<String> differences(final PenstockClient client, final RelayProcess relay) throws Exception {
        final List<String> differences = new ArrayList<>();
        for (final Map.Entry<String, PriceGrid> each : grids.entrySet()) {
            final String query = each.getKey().replaceAll("&(every|whole)=\\w+", "");
            final Object snapshot = ParsedJson.parse(relay.get(relay.port, "/v1/snapshot?" + query).body());
            final CompletableFuture<List<String>> found = new CompletableFuture<>();
            final boolean isPart = query.contains("fields=") || query.contains("depth=");
            client.execute(() -> found.complete(ShownValues.differences(each.getKey(), isPart, each.getValue(),
                ParsedJson.list(ParsedJson.object(snapshot).get("data")))));
            differences.addAll(found.get());
        }
        return differences;
    }

    private static void until(final BooleanSupplier condition) {
        final long endNs = System.nanoTime() + Patience.LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("the client does not come back").isLessThan(endNs);
            LockSupport.parkNanos(500_000);
        }
    }

    private RelayProcess relay(final FeedServer server) throws IOException {
        final Path rules = Files.writeString(folder.resolve("oracle.conf"), VenueFile.text());
        final Path config = Files.writeString(folder.resolve("relay.conf"), "feed { venue = \"" + rules + "\", url = \""
            + server.url("/") + "\", symbols = [S0, S1, S2, S3], channels = [quote, stats, book, trade] }\n"
            + "limits.work-per-second=100000\nserver.handshakes-per-second-per-address=1000\n"
            + "server.handshakes-per-second=1000\n");
        return RelayProcess.start("run", "-c", config.toString());
    }
}
