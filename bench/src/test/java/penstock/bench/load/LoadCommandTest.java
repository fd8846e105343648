package penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.bench.load.server.CandidateServers;
import picocli.CommandLine;

/** The command line: which calls it rejects and why, and the commands of other servers to compare with. */
class LoadCommandTest {
    private final StringWriter err = new StringWriter();
    private final CommandLine command = LoadCommand.command().setErr(new PrintWriter(err)).setOut(new PrintWriter(err));

    @TempDir
    private Path folder;

    @Test
    void shouldListTheScenariosForAnUnknownOne() {
        assertThat(command.execute("brodcast", "--rounds", "1")).isEqualTo(2);
        assertThat(err.toString()).contains("there is no scenario brodcast").contains("broadcast")
            .contains("watch-lists")
            .contains("all-rate").contains("stalled-all");
    }

    @Test
    void shouldExplainAWrongOption() {
        assertThat(command.execute("broadcast", "--rounds", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--rounds and --seconds are at least 1")
            .contains("scripts/load broadcast --help");
    }

    @Test
    void shouldListTheServers() {
        assertThat(command.execute("broadcast", "--against", "c=/bin/floor {port}", "--only", "relay,d",
            "--out", folder.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--only d: there are [relay-raw, relay, floor, naive, c]");
    }

    @Test
    void shouldReportAMissingRecordingInOneLine() {
        final Path missing = folder.resolve("missing.jsonl");
        assertThat(command.execute("burst", "--recording", missing.toString(), "--out", folder.toString()))
            .isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines("load burst: there is no file " + missing);
    }

    @Test
    void shouldHaveHelpForEachScenario() {
        for (final String name : command.getSubcommands().keySet()) {
            assertThat(command.execute(name, "--help")).isZero();
            assertThat(err.toString()).contains("Usage: scripts/load " + name).contains("--rounds");
        }
    }

    @Test
    void shouldPutPortsIntoACommand() {
        assertThat(CandidateServers.words("/path/wsfloor  --port {port} --upstream ws://127.0.0.1:{feed}/", 8001, 9001))
            .containsExactly("/path/wsfloor", "--port", "8001", "--upstream", "ws://127.0.0.1:9001/");
    }

    @Test
    void shouldGiveEachSessionTheSameListInEveryRun() {
        assertThat(WatchListsScenario.list(7, 100, 1_000)).hasSize(100)
            .isEqualTo(WatchListsScenario.list(7, 100, 1_000))
            .isNotEqualTo(WatchListsScenario.list(8, 100, 1_000));
    }
}
