package penstock.tap;

import penstock.testkit.Patience;
import penstock.wire.ContentOptions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.replay.FeedClient;
import penstock.testkit.ParsedJson;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;

@Timeout(Patience.TEST_SECONDS)
class TapTest extends TapRig<TapTest.Script> {
    private static final String SNAPSHOT = "{\"type\":\"snapshot\",\"sub\":\"0\",\"ts\":1795197922738001,\"epoch\":27,"
        + "\"p\":9,\"last\":true,\"data\":["
        + "{\"s\":\"EURUSD\",\"q\":7,\"t\":1,\"v\":{\"bid\":1.10340,\"ask\":1.1000000000000000000009}},"
        + "{\"s\":\"GBPUSD\",\"q\":2,\"st\":\"stale\",\"v\":{\"bid\":1.2710}}]}";

    TapTest() {
        super(new Script());
    }

    @Test
    void shouldPrintOneLinePerValueWithTheBytesOfTheValue() {
        script.answers = List.of("{\"type\":\"ack\",\"id\":1,\"matched\":2}", SNAPSHOT,
            update("EURUSD", 11, 3, "{\"bid\":1.10, \"x\":\"é😀\"}"));
        assertThat(tap(TapOptions.Form.LINES, 3)).isEqualTo(Tap.FINE);
        assertThat(lines()).contains(
            "-- welcome  protocol=penstock.v1  epoch=27  feed={\"name\":\"demo\",\"state\":\"live\"}  "
                + "limits={\"minInterval\":0,\"maxInterval\":60000}  heartbeat=60000",
            "-- ack  id=1  matched=2",
            "18:05:22.738001  EURUSD                7         image  {\"bid\":1.10340,\"ask\":1.1000000000000000000009}",
            "18:05:22.738001  GBPUSD                2         stale  {\"bid\":1.2710}",
            "18:05:23.000001  EURUSD               11      3  live   {\"bid\":1.10, \"x\":\"é😀\"}");
        assertThat(lines().get(lines().size() - 1)).startsWith("3 updates, 3 conflated, ").endsWith("ledger ok");
    }

    @Test
    void shouldSendTheRequestedSubscription() {
        script.answers = List.of(SNAPSHOT);
        final TapOptions options =
            new TapOptions("http://127.0.0.1:" + server.port(), List.of("EURUSD", "G\"*"), "quote",
            new SubscriptionOptions(Mode.CONFLATE, 250, null, 20, 5000,
            new ContentOptions(List.of("bid", "ask"), true, 5)),
            TapOptions.Form.LINES, true,
            new TapOptions.Limits(1, 0));
        assertThat(new Tap(options, print()).run()).isZero();
        assertThat(script.path).isEqualTo("/v1/ws");
        assertThat(ParsedJson.parse(script.request)).isEqualTo(ParsedJson.parse(
            "{\"op\":\"subscribe\",\"id\":1,\"sub\":\"s1\",\"channel\":\"quote\",\"symbols\":[\"EURUSD\",\"G\\\"*\"],"
            + "\"mode\":\"conflate\",\"interval\":250,\"maxRate\":20,"
            + "\"maxBytesPerSecond\":5000,\"fields\":[\"bid\",\"ask\"],\"delta\":true,\"depth\":5}"));
    }

    @Test
    void shouldReportABrokenLedgerAndFail() {
        script.answers =
            List.of(SNAPSHOT, update("EURUSD", 8, 0, "{}"), update("EURUSD", 10, 0, "{}"),
            update("EURUSD", 11, 0, "{}"));
        assertThat(tap(TapOptions.Form.LINES, 5)).isEqualTo(Tap.FAILED);
        assertThat(lines()).contains("LEDGER BROKEN EURUSD: q 10 with c 0 after q 8, q 9 expected");
        assertThat(lines().get(lines().size() - 1)).endsWith("LEDGER BROKEN 1 times");
    }

    @Test
    void shouldAcceptExactlyTheMissingUpdatesOfAGap() {
        final String gap = "{\"type\":\"gap\",\"sub\":\"0\",\"p\":9,\"missed\":3}";
        script.answers = List.of(SNAPSHOT, gap, update("EURUSD", 10, 0, "{}"), update("GBPUSD", 4, 0, "{}"));
        assertThat(tap(TapOptions.Form.LINES, 4)).isEqualTo(Tap.FINE);
        assertThat(lines()).contains("-- gap  sub=s1  p=9  missed=3");
        assertThat(lines().get(lines().size() - 1)).startsWith("4 updates, 0 conflated, 3 missed, ")
            .endsWith("ledger ok");
        printed.reset();
        script.answers = List.of(SNAPSHOT, gap, update("EURUSD", 12, 0, "{}"), update("GBPUSD", 3, 0, "{}"));
        assertThat(tap(TapOptions.Form.LINES, 4)).isEqualTo(Tap.FAILED);
        assertThat(lines()).contains("LEDGER BROKEN EURUSD: q 12 with c 0 after q 7, q 8 expected; "
            + "4 missing, of which gaps announced 3");
    }

    @Test
    void shouldReportAnOlderSnapshotAsABrokenLedger() {
        script.answers = List.of(SNAPSHOT, update("EURUSD", 8, 0, "{}"), SNAPSHOT);
        assertThat(tap(TapOptions.Form.LINES, 5)).isEqualTo(Tap.FAILED);
        assertThat(printed.toString(StandardCharsets.UTF_8))
            .contains("LEDGER BROKEN EURUSD: a snapshot of q 7 after q 8");
    }

    @Test
    void shouldRestartTheCountInANewEpoch() {
        script.answers =
            List.of(SNAPSHOT, update("EURUSD", 8, 0, "{}"), SNAPSHOT.replace("\"epoch\":27", "\"epoch\":28"));
        assertThat(tap(TapOptions.Form.LINES, 5)).isEqualTo(Tap.FINE);
    }

    @Test
    void shouldPrintPayloadsOnlyWhenRaw() {
        script.greeting = List.of("{\"bid\":1.10}", "{\"bid\":1.20}");
        final TapOptions options =
            new TapOptions("ws://127.0.0.1:" + server.port() + "/", List.of("EURUSD", "A&B"), null,
            SubscriptionOptions.of(null, 0, null), TapOptions.Form.RAW, true, new TapOptions.Limits(2, 0));
        assertThat(new Tap(options, print()).run()).isZero();
        assertThat(script.path).isEqualTo("/v1/raw?symbols=EURUSD%2CA%26B&interval=0");
        assertThat(lines()).startsWith("{\"bid\":1.10}", "{\"bid\":1.20}");
        assertThat(lines().get(2)).startsWith("2 updates, 0 conflated, 24 bytes");
    }

    @Test
    void shouldSubscribeAsTheAddressSaysUnlessAnOptionSaysOtherwise() {
        script.answers = List.of(SNAPSHOT);
        final TapOptions options = new TapOptions("127.0.0.1:" + server.port()
            + "/v1/ws?channel=quote&key=K%26L&symbols=EURUSD&interval=50&symbols=G*", List.of(), null,
            SubscriptionOptions.of(null, 250, null), TapOptions.Form.LINES, false, new TapOptions.Limits(1, 0));
        assertThat(new Tap(options, print()).run()).isZero();
        assertThat(script.path).isEqualTo("/v1/ws?key=K%26L");
        assertThat(ParsedJson.parse(script.request)).isEqualTo(ParsedJson.parse("{\"op\":\"subscribe\",\"id\":1,"
            + "\"sub\":\"s1\",\"channel\":\"quote\",\"symbols\":[\"EURUSD\",\"G*\"],\"interval\":250}"));
    }

    @Test
    void shouldShowHeartbeatsOnlyWhenVerbose() {
        script.answers = List.of("{\"type\":\"heartbeat\",\"ts\":1,\"feed\":\"live\"}", SNAPSHOT);
        assertThat(tap(TapOptions.Form.LINES, 2)).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).doesNotContain("-- heartbeat");
        printed.reset();
        assertThat(tap(TapOptions.Form.VERBOSE, 2)).isZero();
        assertThat(lines()).contains("-- heartbeat  ts=1  feed=live");
    }

    @Test
    void shouldPrintTheStateOfSymbolsInOneLine() {
        final String many = IntStream.range(0, 12).mapToObj(i -> "\"S" + i + "\"").collect(Collectors.joining(","));
        script.answers =
            List.of("{\"type\":\"status\",\"scope\":\"symbols\",\"sub\":\"0\",\"symbols\":[" + many
            + "],\"state\":\"stale\","
            + "\"reason\":\"gap\",\"since\":1795197923000000}",
            "{\"type\":\"status\",\"scope\":\"symbols\",\"sub\":\"0\","
            + "\"symbols\":[\"A,\\\"B\"],\"state\":\"live\",\"since\":1795197924000000}", SNAPSHOT);
        assertThat(tap(TapOptions.Form.LINES, 2)).isZero();
        assertThat(lines()).contains("-- 1 symbol live since 18:05:24.000000: A,\"B",
            "-- 12 symbols stale since 18:05:23.000000 (gap): S0, S1, S2, S3, S4, S5, S6, S7, S8, S9 and 2 more");
        printed.reset();
        assertThat(tap(TapOptions.Form.VERBOSE, 2)).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("S9, S10, S11");
    }

    @Test
    void shouldExitWithUsageWhenTheRequestIsRejected() {
        script.answers =
            List.of("{\"type\":\"error\",\"id\":1,\"status\":400,\"code\":\"bad_interval\",\"message\":\"no\"}");
        assertThat(tap(TapOptions.Form.LINES, 0)).isEqualTo(Tap.USAGE);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("bad_interval");
    }

    @Test
    void shouldExplainACloseCode() {
        script.answers = List.of("close 4503");
        assertThat(tap(TapOptions.Form.LINES, 0)).isEqualTo(Tap.FAILED);
        assertThat(lines()).contains("closed by the server: 4503 (draining: reconnect with back-off) retryAfter=2000");
    }

    @Test
    void shouldFailWhenTheConnectionIsLostOrRejected() {
        script.answers = List.of(SNAPSHOT);
        final CompletableFuture<Integer> code = CompletableFuture.supplyAsync(() -> tap(TapOptions.Form.LINES, 0));
        await().until(() -> printed.toString(StandardCharsets.UTF_8).contains("EURUSD"));
        server.dropConnections();
        assertThat(code.join()).isEqualTo(Tap.FAILED);
        server.stop();
        printed.reset();
        assertThat(tap(TapOptions.Form.LINES, 0)).isEqualTo(Tap.FAILED);
        assertThat(printed.toString(StandardCharsets.UTF_8))
            .contains("cannot connect to ws://127.0.0.1:" + server.port() + "/v1/ws");
    }

    @Test
    void shouldEndAfterATimeOrWhenStopped() {
        script.answers = List.of(SNAPSHOT);
        final TapOptions options = new TapOptions(server.url(""), List.of(), null, SubscriptionOptions.UNSPECIFIED,
            TapOptions.Form.LINES, false, new TapOptions.Limits(0, 1));
        assertThat(new Tap(options, print()).run()).isZero();
        final Tap endless = new Tap(options(null, 0), print());
        printed.reset();
        final CompletableFuture<Integer> code = CompletableFuture.supplyAsync(endless::run);
        await().until(() -> printed.toString(StandardCharsets.UTF_8).contains("EURUSD"));
        endless.stop();
        assertThat(code.join()).isZero();
    }

    @Test
    void shouldFailWhenALimitedRunBringsNoValue() {
        script.answers = List.of(SNAPSHOT.replaceAll("\"data\":.*", "\"data\":[]}"));
        assertThat(new Tap(options(Mode.ONCE, 0), print()).run()).isEqualTo(Tap.FAILED);
        assertThat(lines().get(lines().size() - 1)).endsWith("no value came: the ledger shows nothing");
        final TapOptions timed = new TapOptions(server.url(""), List.of(), null, SubscriptionOptions.UNSPECIFIED,
            TapOptions.Form.LINES, false, new TapOptions.Limits(0, 1));
        assertThat(new Tap(timed, print()).run()).isEqualTo(Tap.FAILED);
        script.answers = List.of("close 1000");
        assertThat(new Tap(options(null, 3), print()).run()).isEqualTo(Tap.FAILED);
        assertThat(new Tap(options(null, 0), print()).run()).as("until the server ends it").isZero();
    }

    @Test
    void shouldEndAfterTheSnapshotOfModeOnce() {
        script.answers = List.of(SNAPSHOT);
        assertThat(new Tap(options(Mode.ONCE, 0), print()).run()).isZero();
    }

    @Test
    void shouldEndWhenTheOutputIsClosed() {
        script.answers = List.of(SNAPSHOT);
        final PrintStream broken = new PrintStream(new OutputStream() {
            @Override
            public void write(final int b) throws java.io.IOException {
                throw new java.io.IOException("Broken pipe");
            }
        });
        assertThat(new Tap(options(null, 0), broken).run()).isZero();
    }

    @Test
    void shouldRejectAnInvalidAddress() {
        for (final String wrong : List.of("ftp://x", "ws://", "http://a b", "")) {
            printed.reset();
            assertThat(new Tap(new TapOptions(wrong, List.of(), null, SubscriptionOptions.UNSPECIFIED,
                TapOptions.Form.LINES, false, TapOptions.Limits.NONE), print()).run())
                .as(wrong).isEqualTo(Tap.USAGE);
            assertThat(printed.size()).isPositive();
        }
    }

    private int tap(final TapOptions.Form form, final long count) {
        final TapOptions options =
            new TapOptions("ws://127.0.0.1:" + server.port(), List.of(), null, SubscriptionOptions.UNSPECIFIED,
            form, false, new TapOptions.Limits(count, 0));
        return new Tap(options, print()).run();
    }

    private TapOptions options(final Mode mode, final long count) {
        return new TapOptions("ws://127.0.0.1:" + server.port(), List.of(), null,
            SubscriptionOptions.of(mode, -1, null),
            TapOptions.Form.LINES, true, new TapOptions.Limits(count, 0));
    }

    private static String update(final String symbol, final long q, final long c, final String value) {
        return "{\"type\":\"update\",\"sub\":\"0\",\"ts\":1795197923000001,\"p\":9,\"data\":[{\"s\":\"" + symbol
            + "\",\"q\":" + q
            + (c == 0 ? "" : ",\"c\":" + c) + ",\"v\":" + value + "}]}";
    }

    /** A relay that sends prepared messages. */
    static final class Script extends Relay {
        volatile List<String> greeting = List.of("{\"type\":\"welcome\",\"protocol\":\"penstock.v1\",\"epoch\":27,"
            + "\"feed\":{\"name\":\"demo\",\"state\":\"live\"}" + TERMS);
        volatile List<String> answers = List.of();
        volatile String path;
        volatile String request;

        @Override
        public void onOpen(final FeedClient client, final long nowNs) {
            path = client.path();
            greeting.forEach(client::send);
        }

        @Override
        void onSubscribe(final FeedClient client, final String text, final String sub, final int id) {
            request = text;
            answer(client, answers, sub, id, "retryAfter=2000");
        }
    }
}
