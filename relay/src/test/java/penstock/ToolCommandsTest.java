package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import picocli.CommandLine;

/** What {@code replay} and {@code tap} say to wrong usage. */
class ToolCommandsTest {
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
    void shouldSayWhatIsWrongWithARecordingOrVenue() throws Exception {
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
    void shouldTryAVenueFileOnARecording() throws Exception {
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
            "not used 1\n", "message 2: NO RULE [1]", "venue kraken-v1: 5 channels, ");
        assertThat(run(new CheckCommand(), "--against", file.toString())).isEqualTo(2);
        assertThat(run(new CheckCommand(), "--venue", "json", "--against", folder.resolve("none.jsonl").toString()))
            .isEqualTo(1);
    }

    @Test
    void shouldShowWhatRulesMakeOfALiveFeed() throws Exception {
        final Path file = Files.writeString(folder.resolve("b.jsonl"),
            "{\"stream\":\"abc@bookTicker\",\"data\":{\"u\":1,\"s\":\"ABC\"}}\n");
        final PrintStream before = System.out;
        final ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (ReplayServer server = ReplayServer.start(
                new ReplayServer.Options(file, VenueFileScript.load("binance"), 0, ReplaySpeed.parse("max"), false))) {
            assertThat(run(new ProbeCommand(), server.url("/stream").toString(), "--venue", "binance", "--symbols",
                "ABC", "--count", "2"))
                .isZero();
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("1  22 B  ack  {\"result\":null,\"id\":1}",
            "2  52 B  quote ABC  {\"u\":1,\"s\":\"ABC\"}");
        assertThat(run(new ProbeCommand(), "http://localhost")).isEqualTo(2);
        assertThat(run(new ProbeCommand(), "ws://127.0.0.1:1/")).isEqualTo(1);
    }

    private int run(final Object command, final String... arguments) {
        return new CommandLine(command).setErr(new PrintWriter(err, true)).execute(arguments);
    }
}
