package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    private int run(final Object command, final String... arguments) {
        return new CommandLine(command).setErr(new PrintWriter(err, true)).execute(arguments);
    }
}
