package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** The other blocks are parts of a script; the demo feed has neither trades nor books. */
    @Test
    void shouldCompileEveryPart() throws Exception {
        final List<String> parts = blocks();
        assertThat(parts).hasSizeGreaterThan(2);
        for (final String part : parts) {
            final String whole = part.contains("async def") ? part : "async def main(px):\n" + part.indent(4);
            final Process process = new ProcessBuilder(PythonScript.command("-c",
                "import sys; compile(sys.argv[1], 'page', 'exec')", whole)).redirectErrorStream(true).start();
            assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
            assertThat(process.waitFor()).isZero();
        }
    }

    private static List<String> blocks() {
        return BLOCK.matcher(Pages.text("relay/docs/how-to/prices-in-python.md")).results()
            .map((MatchResult found) -> found.group(1)).toList();
    }

    private Process start(final String script, final int port) throws Exception {
        Files.copy(PythonScript.clientFolder().resolve("penstock.py"), folder.resolve("penstock.py"));
        assertThat(script).contains(ADDRESS);
        Files.writeString(folder.resolve("prices.py"), script.replace(ADDRESS, "localhost:" + port));
        return new ProcessBuilder(PythonScript.command("prices.py")).directory(folder.toFile())
            .redirectErrorStream(true).start();
    }
}
