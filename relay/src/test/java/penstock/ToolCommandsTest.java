package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.replay.ReplayCommand;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.tap.TapCommand;
import penstock.telemetry.Counter;
import penstock.telemetry.Telemetry;
import penstock.testkit.ConnectProxy;
import penstock.testkit.TestAuthority;
import penstock.upstream.ScriptedServer;
import picocli.CommandLine;

/** The commands as a user calls them, right and wrong. */
class ToolCommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    @TempDir
    private Path folder;

    @Test
    void shouldRefuseWrongOptionsOfReplay() {
        assertThat(run(new ReplayCommand(), "a.jsonl", "--speed", "fast")).isEqualTo(2);
        assertThat(err.toString()).contains("speed must be a number above 0, or 'max', got 'fast'");
        assertThat(run(new ReplayCommand(), "a.jsonl", "--port", "70000")).isEqualTo(2);
        assertThat(run(new ReplayCommand())).isEqualTo(2);
    }

    @Test
    void shouldRefuseOptionsOfADirectoryThatCannotBe() {
        assertThat(run(new ReplayCommand(), "a.jsonl", "--from", "-1h")).isEqualTo(2);
        assertThat(err.toString()).contains("need the directory of a relay's recordings, and a.jsonl is none");
        assertThat(run(new ReplayCommand(), folder.toString(), "--lag", "15m", "--speed", "2")).isEqualTo(2);
        assertThat(err.toString()).contains("--lag has its own pace and no end");
        assertThat(run(new ReplayCommand(), folder.toString(), "--to", "noon")).isEqualTo(2);
        assertThat(err.toString()).contains("a time like 2026-12-01T09:30:00Z");
        assertThat(run(new ReplayCommand(), folder.toString(), "--lag", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains("a duration like 15m or 1h30m is expected, got 'soon'");
        assertThat(run(new ReplayCommand(), folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains(": has no recording");
    }

    @Test
    void shouldReportAWrongRecordingOrVenue() throws Exception {
        assertThat(run(new ReplayCommand(), folder.resolve("none.jsonl").toString())).isEqualTo(1);
        assertThat(err.toString()).contains("none.jsonl: no such file");
        final Path file = Files.writeString(folder.resolve("a.jsonl"), "{}\n");
        assertThat(run(new ReplayCommand(), file.toString(), "--venue", "nasdaq")).isEqualTo(78);
        assertThat(err.toString()).contains("nasdaq");
    }

    @Test
    void shouldRefuseWrongOptionsOfTap() {
        assertThat(run(new TapCommand(), "localhost:8080", "--interval", "60001")).isEqualTo(2);
        assertThat(err.toString()).contains("--interval must be 0 to 60000 ms, got 60001");
        assertThat(run(new TapCommand(), "localhost:8080", "--mode", "slow")).isEqualTo(2);
        assertThat(run(new TapCommand(), "localhost:8080", "--raw", "--verbose")).isEqualTo(2);
        assertThat(run(new TapCommand())).isEqualTo(2);
    }

    @Test
    void shouldCheckAVenueFileAgainstARecording() throws Exception {
        final Path file = Files.writeString(folder.resolve("a.jsonl"), "{\"symbol\":\"A\",\"bid\":1}\n[1]\n");
        final PrintStream before = System.out;
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(run(new CheckCommand(), "--venue", "json", "--against", file.toString())).isEqualTo(1);
            assertThat(run(new CheckCommand(), "--venue", "kraken-v1")).isZero();
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).replaceAll(" +", " "))
            .contains("quote 1\n", "quote last-value 1 1 0 unknown",
            "not used 1\n", "message 2: NO RULE [1]", "venue kraken-v1: 10 channels, ");
        assertThat(run(new CheckCommand(), "--against", file.toString())).isEqualTo(2);
        assertThat(run(new CheckCommand(), "--venue", "json", "--against", folder.resolve("none.jsonl").toString()))
            .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("penstock.venue.generated.GeneratedRecording#venues")
    void shouldFindNothingWrongWithTheRecordingOfEveryVenueFile(final String venue) {
        final String recording = "src/test/resources/recordings/" + venue + ".jsonl";
        final PrintStream before = System.out;
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        final int code;
        try {
            code = run(new CheckCommand(), "--venue", venue, "--against", recording);
        } finally {
            System.setOut(before);
        }
        final String report = printed.toString(StandardCharsets.UTF_8);
        assertThat(code).as(report).isZero();
        assertThat(report.lines()).as("each rule, and each field that a rule chooses, has a message")
            .noneMatch(line -> line.endsWith("matched no message"))
            .noneMatch(line -> line.contains(": emit.") && line.contains(" was not found in "));
    }

    @Test
    void shouldNameWhatIsWrongWithAVenueFile() throws Exception {
        final Path file = Files.writeString(folder.resolve("v.conf"), """
            name = v
            channels { quote { default = true }, trade { class = event }, book { class = order-book } }
            connection { urls = ["ws://v.invalid/"], rate { permits = 1 }, connect-rate { permits = 1 } }
            messages { rules = [
              { name = quote, match { "$/q" = "*" }, key = "$/q", ts { at = "$/time", unit = ms } }
              { name = late, match { "$/l" = "*" }, key = "$/l", ts { at = "$/t", unit = ms } }
              { name = trade, match { "$/t" = "*", "$/n" = "*" }, channel = trade, key = "$/t", seq { rule = increasing, at = "$/n" } }
              { name = book, match { "$/b" = "*" }, channel = book, key = "$/b", kind = snapshot
                book { bids = "$/bid", asks = "$/asks", level = [0, 1] } }
              { name = unused, match { "$/u" = "*" }, key = "$/u" }
            ] }
            """);
        final Path recording = Files.writeString(folder.resolve("v.jsonl"), "{\"q\":\"A\"}\n{\"l\":\"A\",\"t\":1700000000}\n"
            + "{\"t\":\"A\",\"n\":1}\n{\"t\":\"A\",\"n\":2}\n{\"t\":\"A\",\"n\":5}\n{\"t\":\"A\",\"n\":3}\n{\"t\":\"A\",\"n\":4}\n"
            + "{\"b\":\"A\",\"bids\":[[1,2]],\"asks\":[]}\n");
        assertThat(wrongs(file.toString(), recording))
            .containsExactlyInAnyOrder("WRONG: rule quote: ts $/time was not found in 1 messages",
                "WRONG: 1 times could not be read, or lie before 2000 or after 2099",
                "WRONG: 2 events whose number goes back of channel trade",
                "WRONG: rule book: bids $/bid was not found in 1 messages",
                "WRONG: 1 updates have no level of channel book", "note: rule unused matched no message");
    }

    @Test
    void shouldNameWrongBooksAndNumbers() throws Exception {
        final Path file = Files.writeString(folder.resolve("v.conf"), """
            name = v
            channels { quote { default = true }, book { class = order-book } }
            connection { urls = ["ws://v.invalid/"], rate { permits = 1 }, connect-rate { permits = 1 } }
            messages { rules = [
              { name = gone, match { "$/g" = "*" }, key = "$/g", seq { rule = increment, at = "$/n" } }
              { name = long, match { "$/l" = "*" }, key = "$/l", seq { rule = increment, at = "$/n" } }
              { name = gaps, match { "$/q" = "*" }, key = "$/q", seq { rule = increment, at = "$/n" } }
              { name = rows, match { "$/r" = "*" }, channel = book, key = "$/r", kind = snapshot
                book { levels = "$/rows", level = [0, 1], side = sign } }
              { name = object, match { "$/o" = "*" }, channel = book, key = "$/o", kind = snapshot
                book { bids = "$/b", asks = "$/a", level = [0, 1] } }
            ] }
            """);
        final Path recording = Files.writeString(folder.resolve("v.jsonl"), "{\"g\":\"A\"}\n"
            + "{\"l\":\"A\",\"n\":12345678901234567890}\n{\"q\":\"A\",\"n\":1}\n{\"q\":\"A\",\"n\":3}\n"
            + "{\"q\":\"A\",\"n\":5}\n{\"q\":\"A\",\"n\":7}\n{\"r\":\"A\"}\n"
            + "{\"o\":\"A\",\"b\":[[1,\"abc\"]],\"a\":\"none\"}\n");
        assertThat(wrongs(file.toString(), recording)).containsExactlyInAnyOrder(
            "WRONG: rule gone: seq $/n was not found in 1 messages",
            "WRONG: rule long: seq $/n is no number of up to 19 digits in 1 messages",
            "WRONG: 3 gaps in the numbers of channel quote",
            "WRONG: rule rows: levels $/rows was not found in 1 messages",
            "WRONG: rule object: asks $/a was not found in 1 messages",
            "WRONG: 1 levels have a price or a size that is no number, or no side",
            "WRONG: 2 updates have no level of channel book", "note: 2 messages without a sequence number");
    }

    /** One digit of a level of the recording is another one: each checksum until the next whole book differs. */
    @ParameterizedTest
    @CsvSource({"kraken-v1, '\"as\":[[\"', '\"as\":[[\"1'", "kraken-v2, '\"asks\":[{\"price\":', '\"asks\":[{\"price\":1'",
        "okx, '\"asks\":[[\"', '\"asks\":[[\"1'"})
    void shouldFindABookThatDiffersFromItsChecksum(final String venue, final String part, final String instead)
            throws Exception {
        final String recorded = Files.readString(Path.of("src/test/resources/recordings/" + venue + ".jsonl"));
        final Path recording = Files.writeString(folder.resolve("v.jsonl"), recorded.replaceFirst(Pattern.quote(part),
            Matcher.quoteReplacement(instead)));
        assertThat(wrongs(venue, recording)).filteredOn(line -> line.startsWith("WRONG")).singleElement().asString()
            .matches("WRONG: [1-9] books differ from the venue's checksum of channel book");
    }

    /** Runs the check, which must end with 1: what it calls wrong, and its notes. */
    private List<String> wrongs(final String venue, final Path recording) {
        final PrintStream before = System.out;
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(run(new CheckCommand(), "--venue", venue, "--against", recording.toString())).isEqualTo(1);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8).lines().filter(line -> line.matches("(WRONG|note).*")).toList();
    }

    @Test
    void shouldShowHowRulesInterpretALiveFeed() throws Exception {
        final Path file = Files.writeString(folder.resolve("b.jsonl"),
            "{\"stream\":\"abc@bookTicker\",\"data\":{\"u\":1,\"s\":\"ABC\",\"b\":\"1\",\"a\":\"2\"}}\n");
        final PrintStream before = System.out;
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (ReplayServer server = ReplayServer.start(
                new ReplayServer.Options(file, VenueFileScript.load("binance"), 0, ReplaySpeed.parse("max"), false))) {
            assertThat(run(new ProbeCommand(), server.url("/stream").toString(), "--venue", "binance", "--symbols",
                "ABC", "--count", "2"))
                .isZero();
            try (ConnectProxy proxy = new ConnectProxy(URI.create(server.url("/")).getPort())) {
                assertThat(run(new ProbeCommand(), "ws://venue.test/stream", "--venue", "binance", "--symbols", "ABC",
                    "--count", "1", "--proxy", "http://me:s3cret@127.0.0.1:" + proxy.port())).isZero();
                assertThat(proxy.requests).singleElement().asString().startsWith("CONNECT venue.test:80 ")
                    .contains("Proxy-Authorization: Basic bWU6czNjcmV0\r\n");
            }
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("1  22 B  ack  {\"result\":null,\"id\":1}",
            "2  68 B  quote ABC  {\"bid\":1,\"ask\":2}");
        assertThat(run(new ProbeCommand(), "http://localhost")).isEqualTo(2);
        assertThat(run(new ProbeCommand(), "ws://127.0.0.1:1/")).isEqualTo(1);
    }

    @Test
    void shouldProbeTheAddressThatHasTheChannel() throws Exception {
        final List<String> seen = new CopyOnWriteArrayList<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            seen.add(peer.request().lines().findFirst().orElseThrow());
            peer.answer("HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n"
                + "Sec-WebSocket-Accept: " + peer.acceptKey() + "\n\n").text("{\"s\":\"ABC\"}");
            peer.awaitEnd();
        })) {
            final String file = Files.writeString(folder.resolve("two.conf"), """
                name = two
                connection { urls = ["ws://127.0.0.1:%1$d/fast"], addresses { slow = "ws://127.0.0.1:%1$d/slow" } }
                channels { quote { default = true }, candle { address = slow } }
                messages { rules = [ { name = a, match { "$/s" = "*" }, channel = candle, key = "$/s" } ] }
                """.formatted(server.port())).toString();
            assertThat(run(new ProbeCommand(), "--venue", file, "--channel", "candle", "--count", "1")).isZero();
            assertThat(seen).containsExactly("GET /slow HTTP/1.1");
            assertThat(run(new ProbeCommand(), "--venue", file, "--channel", "quote,candle")).isEqualTo(2);
            assertThat(err.toString()).contains("the venue has the channels quote, candle at different addresses");
            assertThat(seen).hasSize(1);
        }
    }

    @Test
    void shouldTakeTheFolderOfPluginsBeforeTheCommand() throws Exception {
        final Path none = folder.resolve("none");
        final CommandRun wrong = CommandRun.of("--plugins", none.toString(), "check", "--venue", "json");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).startsWith("--plugins: there is no folder " + none);
        // a library without plugins
        new JarOutputStream(Files.newOutputStream(folder.resolve("library.jar"))).close();
        final CommandRun checked = CommandRun.of("--plugins", folder.toString(), "check", "--venue", "json");
        assertThat(checked.out()).startsWith("venue json: 1 channels");
        assertThat(CommandRun.of("--plugins=" + folder, "help", "check").out()).contains("relay check");
        assertThat(CommandRun.of("--plugins").code()).isEqualTo(2);
    }

    @Test
    void shouldProbeAVenueWithKeysPluginsAndALogin() throws Exception {
        final Path key = Files.writeString(folder.resolve("key"), "s3cret\n");
        final PrintStream before = System.out;
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        final List<String> seen = new CopyOnWriteArrayList<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            seen.add(peer.request().lines().findFirst().orElseThrow());
            peer.answer("HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n"
                + "Sec-WebSocket-Accept: " + peer.acceptKey() + "\n\n").text("{\"hello\":1}");
            seen.add(peer.read().text().replaceFirst("[0-9]{10}.*", "…"));
            if (peer.number == 1) {
                peer.text("{\"ok\":true}");
                seen.add(peer.read().text());
                peer.text("{\"s\":\"ABC\",\"v\":1}");
            } else {
                peer.text("{\"ok\":false}");
            }
            peer.awaitEnd();
        })) {
            final Path file = Files.writeString(folder.resolve("private.conf"), """
                name = private
                connection.urls = ["ws://127.0.0.1:%d/feed?key={file:%s}"]
                plugins = [ { name = coinbase-signature, with { key = k, passphrase = p, secret = "{exec:/bin/echo c2VjcmV0}" } } ]
                session = [ { await { "$/hello" = 1 } }, { send = "login {plugin:key} {plugin:timestamp}" }
                  { await { "$/ok" = true }, fail { "$/ok" = false } } ]
                subscribe.message = "sub {symbols}"
                channels { quote { default = true } }
                messages { rules = [ { name = quote, match { "$/s" = "*" }, key = "$/s" }
                  { name = other, match { "$" = "*" }, as = session } ] }
                """.formatted(server.port(), key));
            assertThat(run(new ProbeCommand(), "--venue", file.toString(), "--symbols", "ABC", "--count", "3"))
                .as(() -> printed.toString(StandardCharsets.UTF_8)).isZero();
            assertThat(seen).containsExactly("GET /feed?key=s3cret HTTP/1.1", "login k …", "sub ABC");
            assertThat(run(new ProbeCommand(), "--venue", file.toString(), "--symbols", "ABC")).isEqualTo(1);
            Files.delete(key);
            assertThat(run(new ProbeCommand(), "--venue", file.toString())).isEqualTo(1);
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("quote ABC", "the venue has refused the login",
            "the login was not done: step 3 of 3").doesNotContain("s3cret", "c2VjcmV0");
    }

    @Test
    void shouldProbeAVenueThatWantsACertificate() throws Exception {
        final TestAuthority authority = new TestAuthority("authority");
        final String ca = authority.write(folder.resolve("authorities.pem")).toString();
        final String certificate = folder.resolve("own.pem").toString();
        final String key = folder.resolve("own.key").toString();
        authority.issue("relay").write(Path.of(certificate), Path.of(key));
        final PrintStream before = System.err;
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (ScriptedServer venue = new ScriptedServer(authority.context(authority.issue("venue", "localhost"))
                .getServerSocketFactory(), peer -> {
            ((SSLSocket) peer.socket).setNeedClientAuth(true);
            peer.answer("HTTP/1.1 101 Switching Protocols\nUpgrade: websocket\nConnection: Upgrade\n"
                + "Sec-WebSocket-Accept: " + peer.acceptKey() + "\n\n").text("{\"s\":\"ABC\"}").awaitEnd();
        })) {
            final String url = "wss://localhost:" + venue.port() + "/";
            assertThat(run(new ProbeCommand(), url, "--count", "1", "--ca", ca, "--certificate", certificate, "--key",
                key)).as(() -> printed.toString(StandardCharsets.UTF_8)).isZero();
            assertThat(run(new ProbeCommand(), url, "--count", "1", "--ca", ca)).isEqualTo(1);
            assertThat(run(new ProbeCommand(), url, "--count", "1")).isEqualTo(1);
            assertThat(run(new ProbeCommand(), url, "--ca", ca, "--certificate", certificate, "--key", ca))
                .isEqualTo(1);
            assertThat(run(new ProbeCommand(), url, "--key", key)).as("wrong usage").isEqualTo(2);
        } finally {
            System.setErr(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("no authority that the relay trusts has signed",
            "--key: " + ca);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ws://127.0.0.1:1/?token=s3cret", "ws://me:s3cret@127.0.0.1:1/", "ws://:1/?token=s3cret",
        "ws://127.0.0.1:1/?token=s3cret#more", "http://127.0.0.1:1/?token=s3cret", "ws://127.0.0.1:1/?token=s3cret x"})
    void shouldNotShowTheKeyInTheAddressOfAProbe(final String url) {
        final PrintStream outBefore = System.out;
        final PrintStream errBefore = System.err;
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(System.out);
        try {
            assertThat(run(new ProbeCommand(), url)).isPositive();
        } finally {
            System.setOut(outBefore);
            System.setErr(errBefore);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8) + out + err).isNotEmpty().doesNotContain("s3cret");
    }

    @Test
    void shouldShowTheCountersAndTheErrorsOfARelay() {
        try (Telemetry telemetry = Telemetry.in(folder.resolve("8080"), 1)) {
            telemetry.counters("feed").add(Counter.FEED_FRAMES, 1_234_567);
            telemetry.errors().record("a tick", new IllegalStateException("seen in this test only\u001b[2J"));
            final String directory = telemetry.directory().toString();

            assertThat(run(new StatCommand(), directory)).as(err.toString()).isZero();
            assertThat(out.toString()).contains("relay " + directory + ", pid " + ProcessHandle.current().pid(),
                "running", "1234567  penstock_feed_frames_total{owner=\"feed\"}",
                "      0  penstock_feed_bytes_total{owner=\"feed\"}");
            assertThat(run(new ErrorsCommand(), directory)).isEqualTo(1);
            assertThat(out.toString()).contains("1 time, ", "1 distinct errors",
                "  a tick: java.lang.IllegalStateException: seen in this test only\\u001b[2J\n    at penstock.");
        }
    }

    @Test
    void shouldSayThatThereIsNoRelay() {
        final String none = folder.resolve("none").toString();
        for (final Object command : List.of(new StatCommand(), new ErrorsCommand())) {
            assertThat(run(command, none)).isEqualTo(1);
            assertThat(err.toString()).contains("no relay in " + none, "telemetry.dir");
        }
        assertThat(run(new StatCommand(), none, "--interval", "-1")).isEqualTo(2);
    }

    private int run(final Object command, final String... arguments) {
        return new CommandLine(command).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
            .setExecutionExceptionHandler(Main::explain).execute(arguments);
    }
}
