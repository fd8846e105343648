package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.PageBlock;
import penstock.testkit.Patience;

/** The tutorial, step by step: its commands in a terminal, its files as they are, its pages in Chromium. */
@Tag("browser")
class TutorialTest {
    private static final String PAGE = "relay/docs/tutorial.md";

    @TempDir
    private Path folder;

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldLeadFromNothingToAPageWithPricesOfYourOwn() throws Exception {
        try (PageTerminal terminal = new PageTerminal(folder)) {
            terminal.start("demo", block("scripts/relay\n"));
            terminal.await("demo", "8080", "/readyz");
            terminal.stop("demo");

            final String feed = makePrices(terminal);
            assertThat(Files.readAllLines(folder.resolve("prices.jsonl"))).hasSize(600)
                .contains("{\"symbol\":\"GOLD\",\"bid\":2431.100,\"ask\":2431.125}");
            final String relay = relay(terminal);
            final PageBlock tap = PageBlock.starting(PAGE, "$ scripts/relay tap");
            assertThat(terminal.run(tap.typed())).startsWith(tap.text().lines().skip(1).findFirst().orElseThrow())
                .contains("{\"symbol\":\"GOLD\",\"bid\":2431.")
                .containsPattern("\\d updates, \\d+ conflated, .* ledger ok\n$");

            final Path page = terminal.write("prices.html", block("<!doctype html>"));
            NodeScript.inChromium("tutorial.mjs", page.toUri().toString(), address(terminal, "8080")).run(Map.of(
                "stop-feed", () -> terminal.stop("feed"), "start-feed", () -> terminal.start("feed", feed),
                "stop-relay", () -> terminal.stop("relay"), "start-relay", () -> terminal.start("relay", relay)));
        }
    }

    /** The client as npm packs it, in a project that has nothing else. */
    @Test
    @Timeout(2 * Patience.TEST_SECONDS)
    void shouldLeadToAProjectOfViteAndReactWithLiveRows() throws Exception {
        try (PageTerminal terminal = new PageTerminal(folder)) {
            makePrices(terminal);
            relay(terminal);
            terminal.run(block("npm pack"));
            final String rows = block("import { connect } from \"@penstock/client\"");
            assertThat(rows.lines()).hasSize(10);
            terminal.write("my-prices/src/App.jsx", rows);

            final String develop = block("npm run dev").strip() + " -- --host localhost --port 5173 --strictPort";
            for (final String command : List.of(develop, develop.replace("run dev", "run preview"))) {
                if (command.contains("preview")) {
                    terminal.run("cd my-prices && npm run build");
                }
                terminal.start("web", command.replace("npm run", "npm --prefix my-prices run"));
                terminal.await("web", "5173", "/");
                NodeScript.inChromium("tutorial-project.mjs", address(terminal, "5173"), address(terminal, "8080"))
                    .run(Map.of());
                terminal.stop("web");
            }
        }
    }

    /** Returns the command that serves them. */
    private static String makePrices(final PageTerminal terminal) throws Exception {
        terminal.run(block("for i in"));
        final String replay = block("scripts/relay replay");
        terminal.start("feed", replay);
        return replay;
    }

    /** Returns the command that relays them. */
    private static String relay(final PageTerminal terminal) throws Exception {
        terminal.write("feed.conf", block("# any server"));
        final List<String> commands = block("scripts/relay check").lines().toList();
        assertThat(terminal.run(commands.get(0))).contains("name = mine");
        terminal.start("relay", commands.get(1));
        terminal.await("relay", "8080", "/readyz");
        return commands.get(1);
    }

    private static String address(final PageTerminal terminal, final String portOfPage) {
        return "http://localhost:" + terminal.port(portOfPage) + "/";
    }

    private static String block(final String begin) {
        return PageBlock.starting(PAGE, begin).text();
    }
}
