package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.telemetry.Counter;
import penstock.testkit.Patience;
import penstock.usage.ledger.Chain;
import penstock.usage.ledger.LedgerCheck;

/** The usage ledger of a whole relay says what its subscribers were sent, over every endpoint. */
@Timeout(Patience.TEST_SECONDS)
class UsageTotalsTest {
    private final Map<String, Integer> received = new TreeMap<>();
    @TempDir
    private Path folder;

    @Test
    void shouldWriteExactlyWhatWasDeliveredOverEveryEndpoint() throws Exception {
        try (UsageRelay relay = relay("").start()) {
            final List<UsageClient> clients = new ArrayList<>();
            for (final UsageClient.Way way : UsageClient.Way.values()) {
                clients.add(client(relay, "desk-7", way, "symbols=EURUSD,GBPUSD,XAUUSD&interval=0&device=" + way));
                clients.add(client(relay, "desk-8", way, "symbols=EURUSD&interval=0"));
            }
            final Map<String, Integer> last = new TreeMap<>();
            for (int i = 0; i < 60; i++) {
                final String symbol = UsageRelay.SYMBOLS.get(i % 3);
                last.put(symbol, relay.tick(symbol));
            }
            for (int i = 0; i < clients.size(); i++) {
                for (final String symbol : i % 2 == 0 ? last.keySet() : List.of("EURUSD")) {
                    clients.get(i).readUntil(symbol, last.get(symbol));
                }
            }
            final int images = snapshot(relay, "desk-7") + snapshot(relay, "desk-7");
            assertThat(images).as("EURUSD, GBPUSD, XAUUSD, XAGUSD").isEqualTo(8);
            clients.get(0).leave();
            final long updates = received.get("updates");
            await("a client may read a frame before the relay has counted it")
                .until(() -> relay.relay().telemetry().sum(Counter.UPDATES_DELIVERED) == updates);
            final long sentImages = relay.relay().telemetry().sum(Counter.IMAGES_DELIVERED);
            relay.stop();
            clients.forEach(UsageTotalsTest::close);

            assertThat(relay.sum("updates")).isEqualTo(updates);
            assertThat(relay.sum("images")).isEqualTo(sentImages + images);
            assertThat(received.get("images")).isEqualTo((int) sentImages);
            assertThat(relay.records("stop").get(0)).contains("\"updates\":" + updates + ",");
            assertThat(relay.records("use")).allMatch(use -> use.contains("\"product\":\"fx\",\"display\":true")
                || use.contains("\"product\":\"metals\",\"display\":false"));
            assertThat(relay.records("use")).filteredOn(use -> use.contains("desk-7"))
                .as("one device for each way and one that asks").extracting(UsageTotalsTest::device)
                .containsOnly("WS", "RAW", "SSE", "a page");
            assertThat(relay.records("use")).filteredOn(use -> use.contains("desk-8"))
                .extracting(UsageTotalsTest::device).containsOnly("127.0.0.1");
            assertThat(LedgerCheck.of(relay.ledger, Chain.START, null).firstBreak()).isNull();
        }
    }

    @Test
    void shouldCountOnlyTheFirstOfTheProductsThatAClientHas() throws Exception {
        final UsageRelay rig = relay("").client("both", List.of("bundle", "fx"), ", display = false");
        try (UsageRelay relay = rig.start();
            UsageClient client = client(relay, "both", UsageClient.Way.WS, "symbols=EURUSD,GBPUSD&interval=0")) {
            relay.tick("EURUSD");
            client.readUntil("EURUSD", relay.tick("EURUSD"));
            client.readUntil("GBPUSD", relay.tick("GBPUSD"));
            relay.stop();
            assertThat(relay.records("use")).hasSize(2)
                .anyMatch(use -> use.contains("\"product\":\"bundle\",\"display\":false"))
                .anyMatch(use -> use.contains("\"product\":\"fx\",\"display\":false"));
        }
    }

    @Test
    void shouldRefuseADeviceThatIsNoName() throws Exception {
        try (UsageRelay relay = relay("").start()) {
            for (final String device : List.of("", "%0A", "a&device=b", "x".repeat(129))) {
                for (final UsageClient.Way way : UsageClient.Way.values()) {
                    assertThatThrownBy(() -> client(relay, "desk-7", way, "symbols=EURUSD&device=" + device))
                        .isInstanceOf(IOException.class).hasMessageContaining("400");
                }
            }
        }
    }

    @Test
    void shouldServeEveryoneAndCountByAddressWithoutAuthentication() throws Exception {
        try (UsageRelay relay = relay("auth.mode = none").start();
            UsageClient client = client(relay, "desk-7", UsageClient.Way.WS, "symbols=EURUSD&interval=0")) {
            client.readUntil("EURUSD", relay.tick("EURUSD"));
            relay.stop();
            assertThat(relay.records("use")).singleElement().asString()
                .contains("\"principal\":\"anonymous\",\"device\":\"127.0.0.1\",\"product\":\"bundle\"");
        }
    }

    @Test
    void shouldNotStartWithoutItsLedger() throws Exception {
        final UsageRelay rig = relay("usage.dir = keys.conf/ledger");
        try (UsageRelay relay = rig) {
            assertThatThrownBy(relay::start).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("usage.dir: the ledger cannot be opened: ");
        }
    }

    private UsageRelay relay(final String settings) {
        return new UsageRelay(folder, Clock.systemUTC(), settings).client("desk-7", List.of("fx", "metals"), "")
            .client("desk-8", List.of("fx"), "");
    }

    private UsageClient client(final UsageRelay relay, final String id, final UsageClient.Way way, final String query)
            throws IOException {
        final UsageClient client = new UsageClient(relay, id, way, query,
            (self, value) -> received.merge(value.isImage() ? "images" : "updates", 1, Integer::sum));
        await().until(() -> relay.relay().sessionCount() > 0);
        return client;
    }

    /** The images of an answer. */
    private static int snapshot(final UsageRelay relay, final String id) throws IOException, InterruptedException {
        final String[] authorization = relay.bearer(id).split(": ", 2);
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + relay.port() + "/v1/snapshot?device=a%20page"))
            .header(authorization[0], authorization[1]).build(), BodyHandlers.ofString()).body().split("\"q\":").length
            - 1;
    }

    private static String device(final String use) {
        return use.replaceAll(".*\"device\":\"([^\"]*)\".*", "$1");
    }

    private static void close(final UsageClient client) {
        try {
            client.close();
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
