package penstock;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.identity.key.ClientKey;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;
import penstock.telemetry.Counter;
import penstock.usage.session.RelayUsage;
import penstock.venue.Venue;

/** A whole relay with keys and a usage ledger, and its venue, which sends what the test says. One thread. */
final class UsageRelay implements AutoCloseable {
    static final List<String> SYMBOLS = List.of("EURUSD", "GBPUSD", "XAUUSD", "XAGUSD", "USDJPY");
    /** EURUSD is of two products, XAUUSD too, and USDJPY only of {@code bundle}. */
    private static final String PRODUCTS = """
        bundle { symbols = [EURUSD, XAUUSD, USDJPY] }
        fx { symbols = ["EUR*", "GBP*"] }
        metals { symbols = ["XA*"], display = false }
        """;

    final Path ledger;
    private final Path folder;
    private final Clock clock;
    private final FeedServer venue = FeedServer.start(0, new FeedScript() { });
    private final Map<String, String> keys = new LinkedHashMap<>();
    private final Map<String, String> lines = new LinkedHashMap<>();
    private final String settings;
    private Relay relay;
    private final Map<String, Integer> last = new LinkedHashMap<>();
    private int bid;

    /** {@code settings} are added to the configuration. */
    UsageRelay(final Path folder, final Clock clock, final String settings) {
        this.folder = folder;
        this.clock = clock;
        this.settings = settings;
        ledger = folder.resolve("ledger");
    }

    /** A client of the keys file; {@code more}: further members of its line. */
    UsageRelay client(final String id, final List<String> products, final String more) {
        final String key = keys.computeIfAbsent(id, name -> ClientKey.random());
        lines.put(id, "{ id = " + id + ", hash = \"sha256:" + ClientKey.hash(key) + "\", products = " + products + more
            + " }");
        return this;
    }

    /** It has no line any more. */
    void remove(final String id) {
        lines.remove(id);
    }

    void writeKeys() throws IOException {
        final Path next = Files.writeString(folder.resolve("keys.next"),
            "keys = [\n" + String.join("\n", lines.values()) + "\n]\n");
        Files.move(next, folder.resolve("keys.conf"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes its files; the configuration. */
    Path configure() throws IOException {
        writeKeys();
        return Files.writeString(folder.resolve("relay.conf"), """
            feed { venue = json, url = "%s" }
            server { port = 0, io-threads = 2, drain-time = 100ms }
            admin.enabled = false
            telemetry.dir = "%s"
            auth { mode = keys, keys-file = keys.conf }
            usage { dir = ledger, interval = 1h }
            products { %s }
            %s
            """.formatted(venue.url("/"), folder.resolve("telemetry"), PRODUCTS, settings));
    }

    /** Starts, and returns when every symbol has a value. */
    UsageRelay start() throws IOException {
        final Path file = configure();
        final RelayConfig config = new RelayConfigLoader(Map.of()).load(file, List.of());
        relay = new Relay(config, List.of(Venue.load("json", config.feed().settings(), name -> null)), null,
            clock);
        awaitFeed();
        SYMBOLS.forEach(this::tick);
        await().until(() -> relay.telemetry().sum(Counter.UPDATES_STORED)
            >= 2L * SYMBOLS.size());
        return this;
    }

    /** The venue sends a quote; its number. */
    int tick(final String symbol) {
        venue.sendText("{\"symbol\":\"" + symbol + "\",\"bid\":" + ++bid + "}");
        last.put(symbol, bid);
        return bid;
    }

    /** The number of the newest quote of a symbol. */
    int last(final String symbol) {
        return last.get(symbol);
    }

    /** Returns when a relay has connected to the venue. */
    void awaitFeed() {
        await().until(() -> venue.clientCount() == 1);
    }

    /** Returns when no relay is connected to the venue any more. */
    void awaitNoFeed() {
        await().until(() -> venue.clientCount() == 0);
    }

    Relay relay() {
        return relay;
    }

    int port() {
        return relay.port();
    }

    RelayUsage usage() {
        return relay.usage();
    }

    String bearer(final String id) {
        return "Authorization: Bearer " + keys.get(id);
    }

    /** All records of the ledger of a type. */
    List<String> records(final String type) throws IOException {
        final List<String> records = new ArrayList<>();
        try (var files = Files.list(ledger)) {
            for (final Path file : files.filter(each -> each.toString().endsWith(".jsonl")).sorted().toList()) {
                Files.readAllLines(file).stream().filter(line -> line.startsWith("{\"type\":\"" + type + "\""))
                    .forEach(records::add);
            }
        }
        return records;
    }

    /** The sum of a member over the records of use. */
    long sum(final String member) throws IOException {
        return records("use").stream().mapToLong(record -> Long.parseLong(
            record.replaceAll(".*\"" + member + "\":([0-9]+).*", "$1"))).sum();
    }

    void stop() {
        relay.close();
        relay = null;
    }

    @Override
    public void close() {
        if (relay != null) {
            relay.close();
        }
        venue.close();
    }
}
