package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import penstock.docs.Pages;
import picocli.CommandLine;

/** The codes with which the process ends, in the code, on the page of commands, and in the help of each command. */
class ExitCodeTest {
    private final String page = Pages.text("relay/docs/reference/commands.md");

    @Test
    void shouldAllBeOnThePage() {
        final List<String> documented =
            Pages.rows(page, "| exit code | meaning |").stream().map(row -> row.get(0)).toList();
        assertThat(documented).isEqualTo(
            Arrays.stream(ExitCode.values()).map(code -> String.valueOf(code.code())).toList());
    }

    @Test
    void shouldBeNamedByTheHelpOfEachCommandAsByThePage() {
        new CommandLine(Main.class).getSubcommands().forEach((name, command) -> {
            final String help = sentence(
                String.join(" ", command.getCommandSpec().usageMessage().description()), "Exit code: ");
            final String row = sentence(Pages.section(page, "## relay " + name), "Exit codes: ");
            final Set<String> shown = new TreeSet<>();
            for (final String each : help.split("; ")) {
                shown.add(each.substring(0, each.indexOf(' ')));
            }
            assertThat(shown).as(name)
                .isEqualTo(new TreeSet<>(List.of(row.replaceAll(" \\([^)]*\\)", "").split(", "))));
        });
    }

    private static String sentence(final String text, final String beginning) {
        final int start = text.indexOf(beginning);
        assertThat(start).as(text).isNotNegative();
        return text.substring(start + beginning.length(), text.indexOf('.', start)).replace('\n', ' ');
    }
}
