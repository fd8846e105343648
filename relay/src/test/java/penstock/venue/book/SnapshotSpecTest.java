package penstock.venue.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import penstock.config.ConfigException;
import penstock.config.Problem;
import penstock.testkit.Patience;
import penstock.upstream.HttpSnapshotFetch;
import penstock.upstream.ProxyRoutes;
import penstock.upstream.SnapshotFetch;
import penstock.venue.VenueReader;
import penstock.venue.rule.MessageTemplate;

/** Reads and fetches snapshots of order books. */
class SnapshotSpecTest {
    private static final String FILE = """
        name = x
        channels { book { class = order-book, default = true } }
        messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s", kind = delta
          %s
          book { bids = "$/b", asks = "$/a", level = [0, 1]
            %s } } ] }
        """;
    private static final String RANGE = "seq { rule = range, first = \"$/U\", last = \"$/u\", on-gap = resnapshot }";
    private static final String GOOD = "snapshot { procedure = binance, url = \"http://h/{symbol}\" }";

    @Test
    void shouldAcceptAValidSnapshot() {
        assertThat(problems(RANGE, GOOD)).isEmpty();
        assertThat(problems("seq { rule = nondecreasing, at = \"$/t\" }",
            "snapshot { procedure = bitstamp, url = \"https://h/{symbol|lower}\"\n"
                + "rate { permits = 3, per = 1s }, timeout = 5s, max-body = 1MiB }")).isEmpty();
    }

    @Test
    void shouldReportMissingKeys() {
        assertThat(problems(RANGE, "snapshot {}")).containsExactly(
            "v.conf:6: messages.rules[0].book.snapshot.procedure: is missing: it is one of binance, bitstamp; or "
                + "write what it is short for: follows, number, bids, asks",
            "v.conf:6: messages.rules[0].book.snapshot.url: is missing; add a line: url = …");
    }

    @Test
    void shouldRejectWrongPartsOfAProcedure() {
        final String parts = "snapshot { url = \"http://h/{symbol}\", follows = straddles, number = \"$/n\", "
            + "bids = \"$/b\", asks = \"$/a\"";
        assertThat(problems(RANGE, parts + " }")).isEmpty();
        final String place = "v.conf:6: messages.rules[0].book.snapshot.";
        assertThat(problems(RANGE, parts.replace("number", "# number") + "\n }")).first().asString().isEqualTo(place
            + "procedure: is missing: it is one of binance, bitstamp; or write what it is short for: number, bids, "
            + "asks");
        assertThat(problems(RANGE, parts.replace("straddles", "newer") + " }")).containsExactly(place
            + "follows: newer compares numbers; add seq { rule = nondecreasing, at = \"$/data/microtimestamp\" } to the "
            + "same rule");
        assertThat(problems(RANGE, parts.replace("straddles", "after") + " }")).containsExactly(place
            + "follows: must be one of straddles, previous, newer, got after");
        assertThat(problems(RANGE, parts.replace("$/n", "n") + " }")).containsExactly(place
            + "number: must be '$' and a JSON pointer like $/data/s, got n");
        assertThat(problems(RANGE, parts.replace("$/b", "$/b | upper") + " }")).containsExactly(place
            + "bids: must be a pointer without filters: the bytes are published unchanged, got $/b | upper");
        assertThat(problems(RANGE, parts + ", level = [0] }")).containsExactly(place
            + "level: must name the columns of price and size, like [0, 1] or [price, qty]");
        assertThat(problems(RANGE, parts + ", ts { at = \"$/t\" } }")).containsExactly(place
            + "ts.unit: is missing; it is one of s, ms, us, ns, rfc3339, utc, fix");
    }

    @Test
    void shouldRejectAnUnknownProcedureAndUnknownKeys() {
        assertThat(problems(RANGE, "snapshot { procedure = kucoin, url = \"http://h/{symbol}\", rats {} }"))
            .containsExactly(
            "v.conf:6: messages.rules[0].book.snapshot.procedure: must be one of binance, bitstamp, got kucoin",
            "v.conf:6: messages.rules[0].book.snapshot.rats: unknown key; did you mean rate?");
    }

    @Test
    void shouldRejectAnInvalidAddress() {
        assertThat(problems(RANGE, "snapshot { procedure = binance, url = \"ftp://h/{symbol}\" }")).containsExactly(
            "v.conf:6: messages.rules[0].book.snapshot.url: must begin with http:// or https:// and a host, got "
                + "ftp://h/X");
        assertThat(problems(RANGE, "snapshot { procedure = binance, url = \"http://h/depth\" }")).containsExactly(
            "v.conf:6: messages.rules[0].book.snapshot.url: must contain {symbol}, {symbol|upper} or {symbol|lower}, "
                + "got http://h/depth");
        assertThat(problems(RANGE, "snapshot { procedure = binance, url = \"http://h/{symbols}\" }").get(0))
            .startsWith("v.conf:6: messages.rules[0].book.snapshot.url: unknown {symbols}; allowed here: ");
    }

    @Test
    void shouldRejectAProcedureWithoutNumbersToCompare() {
        assertThat(problems("", GOOD))
            .containsExactly(
            "v.conf:6: messages.rules[0].book.snapshot.procedure: binance compares numbers; add seq { rule = range | "
                + "prev, with first or prev, and last } to the same rule");
        assertThat(problems(RANGE, "snapshot { procedure = bitstamp, url = \"http://h/{symbol}\" }").get(0))
            .contains("bitstamp compares numbers; add seq { rule = nondecreasing, at = \"$/data/microtimestamp\" }");
    }

    @Test
    void shouldEscapeVariablesInTheQueryAndShowNoSecretOfAnInvalidAddress() {
        final MessageTemplate url =
            MessageTemplate.parse("{env:BASE}/d?symbol={symbol}&key={env:KEY}", Set.of("symbol"));
        final Function<String, String> good = Map.of("BASE", "https://h/x", "KEY", "a+b&c")::get;
        assertThat(new SnapshotSpec.Source("w", url, good).uri("B/T"))
            .hasToString("https://h/x/d?symbol=B%2FT&key=a%2Bb%26c");
        for (final String base : List.of("ftp://u:s3cret@h", "https://h h")) {
            final Function<String, String> bad = Map.of("BASE", base, "KEY", "s3cret{")::get;
            assertThatThrownBy(() -> new SnapshotSpec.Source("w", url, bad).uri("B"))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("***")
                .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void shouldFetchOverHttpWithinItsLimits() throws Exception {
        final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            final String path = exchange.getRequestURI().getPath();
            if (path.equals("/silent")) {
                return;
            }
            exchange.getResponseHeaders().set("Retry-After", "7");
            exchange.sendResponseHeaders(path.equals("/busy") ? 429 : 200, 2_000);
            exchange.getResponseBody().write(new byte[path.equals("/half") ? 1_000 : 2_000]);
            exchange.getResponseBody().flush();
            if (!path.equals("/half")) {
                exchange.close();
            }
        });
        server.start();
        try {
            final String base = "http://127.0.0.1:" + server.getAddress().getPort();
            final SnapshotFetch.Fetched whole = fetch(base + "/whole", 5_000, 2_000);
            assertThat(whole.status()).isEqualTo(200);
            assertThat(whole.body()).hasSize(2_000);
            assertThat(whole.problem()).isNull();
            final SnapshotFetch.Fetched busy = fetch(base + "/busy", 5_000, 2_000);
            assertThat(busy.isRateLimited()).isTrue();
            assertThat(busy.retryAfterMs()).isEqualTo(7_000);
            assertThat(fetch(base + "/whole", 5_000, 1_999).problem()).contains("more than 1999 bytes (max-body)");
            assertThat(fetch(base + "/half", 150, 2_000).problem())
                .isEqualTo("GET " + base + "/half: no answer in time");
            assertThat(fetch(base + "/silent", 150, 2_000).problem()).startsWith("GET " + base + "/silent: ");
        } finally {
            server.stop(0);
        }
        assertThat(fetch("http://127.0.0.1:1/x", 5_000, 100).problem()).contains("ConnectException");
    }

    private static SnapshotFetch.Fetched fetch(final String address, final long timeoutMs, final int maxBytes)
            throws Exception {
        final LinkedBlockingQueue<SnapshotFetch.Fetched> answers = new LinkedBlockingQueue<>();
        new HttpSnapshotFetch(null, null, ProxyRoutes.DIRECT)
            .fetch(SnapshotFetch.Request.get(URI.create(address), timeoutMs, maxBytes), answers::add);
        return answers.poll(Patience.SECONDS, TimeUnit.SECONDS);
    }

    private static List<String> problems(final String sequence, final String snapshot) {
        final ConfigException refused = catchThrowableOfType(ConfigException.class,
            () -> VenueReader.read(new StringReader(FILE.formatted(sequence, snapshot)), "v.conf", name -> null));
        return refused == null ? List.of() : refused.problems().stream().map(Problem::toString).toList();
    }
}
