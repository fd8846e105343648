package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.Pages;
import penstock.replay.DemoFeed;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.venue.generated.GeneratedRecording;

/** The scripts of the page "prices in Python", each beside a copy of the client, against a relay. */
@Tag("browser")
@Timeout(60)
class PythonPageTest {
    private static final Pattern BLOCK = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);
    private static final String ADDRESS = "localhost:8080";

    @TempDir
    private Path folder;

    @Test
    void shouldPrintLivePricesByTheScriptOfThePage() throws Exception {
        final String script = blocks().get(0);
        assertThat(script.lines().filter(line -> !line.isBlank()).count()).isLessThanOrEqualTo(10);
        try (DemoFeed feed = DemoFeed.start(0); RelayRig rig = new RelayRig("demo", feed.url())) {
            final Set<String> symbols = new HashSet<>();
            final Process process = start(script, rig.relay.port());
            try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
                while (!symbols.containsAll(Set.of("EURUSD", "BTCUSD"))) {
                    final String line = out.readLine();
                    assertThat(line).matches("\\w+ \\d+\\.\\d+ \\d+\\.\\d+ live");
                    symbols.add(line.substring(0, line.indexOf(' ')));
                }
            } finally {
                process.destroyForcibly().waitFor();
            }
        }
    }

    /** The other blocks are parts of a script: each is read from a recording with trades and books. */
    @Test
    void shouldReadTradesAndBooksByThePartsOfThePage() throws Exception {
        final Path recording = GeneratedRecording.healthy("bybit-v5", 20_000).save(folder);
        try (ReplayServer replay = ReplayServer.start(ReplayServer.Options.of(recording)
                 .venue(VenueFileScript.load("bybit-v5")).speed(new ReplaySpeed(10)));
             RelayRig rig = new RelayRig("bybit-v5", replay.url("/"), "feed.channels=[quote, trade, book]")) {
            final String trades = part("px.trades");
            assertThat(run(trades, rig.relay.port(), "BTCUSDT \\d+\\.\\d+ \\d+")).isNotEmpty();
            final String book = part("px.book") + "print(best_bid, size)\n";
            assertThat(run(book, rig.relay.port(), "\\d+\\.\\d+ \\d+\\.\\d+")).isNotEmpty();
        }
    }

    /** The first line that a part prints. */
    private String run(final String part, final int port, final String form) throws Exception {
        final String script = "import asyncio\nfrom penstock import connect\n\nasync def main():\n"
            + ("async with connect(\"ws://" + ADDRESS + "/v1/ws\") as px:\n" + part.replace("BTCUSD", "BTCUSDT").indent(4))
            .indent(4) + "\nasyncio.run(main())\n";
        final Process process = start(script, port);
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            final String line = out.readLine();
            assertThat(line).matches(form);
            return line;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private static String part(final String word) {
        return blocks().stream().filter(block -> block.contains(word)).findFirst().orElseThrow();
    }

    private static List<String> blocks() {
        return BLOCK.matcher(Pages.text("relay/docs/how-to/prices-in-python.md")).results()
            .map((MatchResult found) -> found.group(1)).toList();
    }

    private Process start(final String script, final int port) throws Exception {
        Files.copy(PythonScript.clientFolder().resolve("penstock.py"), folder.resolve("penstock.py"),
            StandardCopyOption.REPLACE_EXISTING);
        assertThat(script).contains(ADDRESS);
        Files.writeString(folder.resolve("prices.py"), script.replace(ADDRESS, "localhost:" + port));
        return new ProcessBuilder(PythonScript.command("prices.py")).directory(folder.toFile())
            .redirectErrorStream(true).start();
    }
}
