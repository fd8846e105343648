package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import penstock.Main;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The page of commands has the commands, options and parameters of the command line. */
class CommandsPageTest {
    private static final Set<String> EVERYWHERE = Set.of("--help", "--version");

    private final String page = Pages.text("relay/docs/reference/commands.md");
    private final Map<String, CommandLine> commands = new TreeMap<>();

    CommandsPageTest() {
        collect("", new CommandLine(Main.class));
    }

    @Test
    void shouldHaveEveryCommand() {
        final Set<String> headings = new TreeSet<>();
        page.lines().filter(line -> line.startsWith("## relay ")).forEach(line -> headings.add(line.substring(9)));

        assertThat(headings).isEqualTo(commands.keySet());
    }

    @Test
    void shouldHaveEveryOptionAndParameter() {
        final Map<String, Set<String>> documented = new TreeMap<>();
        final Map<String, Set<String>> known = new TreeMap<>();
        commands.forEach((name, command) -> {
            final Set<String> options = new TreeSet<>();
            Pages.rows(Pages.section(page, "## relay " + name), "| option | meaning |")
                .forEach(row -> options.add(Pages.plain(row.get(0))));
            documented.put(name, options);
            known.put(name, spellings(command.getCommandSpec()));
        });
        assertThat(documented).isEqualTo(known);
    }

    @Test
    void shouldHaveTheExitCodesOfEveryCommand() {
        assertThat(commands.keySet()).allSatisfy(name ->
            assertThat(Pages.section(page, "## relay " + name)).as(name).contains("Exit codes: "));
    }

    private void collect(final String prefix, final CommandLine parent) {
        parent.getSubcommands().forEach((name, command) -> {
            commands.put(prefix + name, command);
            collect(prefix + name + " ", command);
        });
    }

    private static Set<String> spellings(final CommandSpec command) {
        final Set<String> spellings = new TreeSet<>();
        Stream.concat(command.options().stream(), command.positionalParameters().stream())
            .map(CommandsPageTest::spelling).filter(text -> !EVERYWHERE.contains(text)).forEach(spellings::add);
        return spellings;
    }

    private static String spelling(final ArgSpec argument) {
        final String label = argument.arity().max() == 0 ? "" : argument.paramLabel();
        return argument instanceof OptionSpec option ? (option.longestName() + " " + label).strip() : label;
    }
}
