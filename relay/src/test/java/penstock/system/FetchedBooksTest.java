package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.telemetry.Counter;
import penstock.testkit.Seeds;
import penstock.testkit.VenueSpelling;
import penstock.venue.PlayedBook;
import penstock.venue.Venue;

/**
 * Books of venues whose snapshot comes over HTTP, through the whole relay: the server that gives them is down at first,
 * then gives an old one, then what fits the stream.
 */
@Tag("slow")
class FetchedBooksTest {
    private static final int FRAMES = 2_500;
    private static final Pattern SIDES = Pattern.compile("\\{\"bids\":\\[(.*)],\"asks\":\\[(.*)]}");
    private static final Pattern LEVEL = Pattern.compile("\\[([0-9.]+),([0-9.]+)]");

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final AtomicInteger requests = new AtomicInteger();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> frames = new ArrayList<>();
    private final List<String> snapshots = new ArrayList<>();
    private volatile ReplayServer replay;
    private HttpServer server;
    private PlayedBook book;

    @TempDir
    private Path folder;

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    @Test
    void shouldServeBooksOfBinanceSpot() throws Exception {
        run(PlayedBook.Shape.SPOT, "binance", "book", "BTCUSDT");
        assertThat(asked).containsOnly("/api/v3/depth?symbol=BTCUSDT&limit=1000");
    }

    @Test
    void shouldServeBooksOfBinanceFutures() throws Exception {
        run(PlayedBook.Shape.FUTURES, "binance", "book", "BTCUSDT");
        assertThat(asked).containsOnly("/fapi/v1/depth?symbol=BTCUSDT&limit=1000");
    }

    @Test
    void shouldServeBooksOfBitstamp() throws Exception {
        run(PlayedBook.Shape.BITSTAMP, "bitstamp", "book", "BTCUSD");
        assertThat(asked).containsOnly("/api/v2/order_book/btcusd/");
    }

    @Test
    void shouldServeBooksOfMexc() throws Exception {
        run(PlayedBook.Shape.MEXC, "mexc", "book", "BTC_USDT");
        assertThat(asked).containsOnly("/api/v1/contract/depth/BTC_USDT");
    }

    private void run(final PlayedBook.Shape shape, final String name, final String channel, final String symbol)
            throws Exception {
        book = new PlayedBook(shape, new SplittableRandom(seeds.fresh()));
        snapshots.add(book.snapshot());
        // the stream begins later than the first snapshot ends
        book.change();
        for (int i = 0; i < FRAMES; i++) {
            frames.add(book.change());
            snapshots.add(book.snapshot());
        }
        final Path recording = Files.write(folder.resolve("changes.jsonl"), frames);
        final String base = "http://127.0.0.1:" + server.getAddress().getPort();
        final Map<String, String> environment =
            Map.of("BINANCE_REST", base, "BINANCE_FUTURES_REST", base + "/fapi", "BITSTAMP_REST", base,
            "MEXC_REST", base);
        replay = ReplayServer.start(ReplayServer.Options.of(recording).venue(VenueFileScript.load(name))
            .speed(ReplaySpeed.RECORDED));
        final Venue venue = VenueSpelling.load(name, environment::get);
        try (RelayRig rig = new RelayRig(venue, name, replay.url("/stream"), "feed.symbols=[\"" + symbol + "\"]",
                "feed.channels=[\"" + channel + "\"]")) {
            final List<Subscriber> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(rig.fleet.open("/v1/ws?channel=" + channel + "&symbols=*&interval=" + i % 2 * 250, 0));
            }
            await("the end").until(replay::isFinished);
            await("the book")
                .until(() -> all.stream().allMatch(this::holdsTheBook));
            all.add(rig.fleet.open("/v1/ws?channel=" + channel + "&symbols=" + symbol, 0));
            await("the book of a late joiner").until(() -> holdsTheBook(all.get(6)));
            final HttpRequest image = HttpRequest.newBuilder(URI.create(
                "http://127.0.0.1:" + rig.relay.port() + "/v1/snapshot?depth=3&channel=" + channel)).build();
            assertThat(HttpClient.newHttpClient().send(image, HttpResponse.BodyHandlers.ofString()).body())
                .as("as numbers").containsPattern("\\[(?:99|101)\\.[0-9]+,[0-9.]+]");
            assertThat(rig.relay.telemetry().sum(Counter.FEED_SNAPSHOTS)).isOne();
            assertThat(rig.relay.telemetry().sum(Counter.FEED_SNAPSHOTS_FAILED)).isEqualTo(2);
            assertThat(rig.relay.telemetry().sum(Counter.FEED_GAPS)).isZero();
            assertThat(rig.relay.telemetry().sum(Counter.FEED_UNSYNCED)).isZero();
        } finally {
            replay.close();
        }
    }

    /** The snapshot includes updates that are still on their way to the relay. */
    private void answer(final HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestURI().toString());
        final int number = requests.incrementAndGet();
        final String text = number == 1 ? "down"
            : snapshots.get(number == 2 ? 0 : (int) Math.min(FRAMES, replay.sentCount()));
        final byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(number == 1 ? 503 : 200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private boolean holdsTheBook(final Subscriber subscriber) {
        final Map<String, String> held = new TreeMap<>();
        for (final String change : subscriber.changes) {
            if (change.startsWith("image")) {
                held.clear();
            }
            final Matcher sides = SIDES.matcher(change);
            assertThat(sides.find()).as(change).isTrue();
            apply("bid ", sides.group(1), held);
            apply("ask ", sides.group(2), held);
        }
        return PlayedBook.state(held).equals(book.newest());
    }

    private static void apply(final String side, final String levels, final Map<String, String> held) {
        final Matcher level = LEVEL.matcher(levels);
        while (level.find()) {
            if (level.group(2).matches("[0.]+")) {
                held.remove(side + level.group(1));
            } else {
                held.put(side + level.group(1), level.group(2));
            }
        }
    }
}
