package penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.docs.Pages;
import penstock.system.RelayProcess;
import penstock.testkit.Seeds;

class FaultsTest {
    private static final String PAGE = "relay/docs/reference/failures.md";

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    /** The scenarios that need neither root nor an idle machine, with few sessions and repetitions. */
    @ParameterizedTest
    @ValueSource(strings = {"upstream-loss", "upstream-names", "upstream-corruption", "mass-reconnect", "churn",
        "out-of-memory"})
    @Tag("slow")
    @Tag("gate")
    @Tag("alone")
    @Timeout(120)
    void shouldReachItsFiguresInAShortRun(final String name) throws Exception {
        final Figures figures = new Figures();
        FaultsCommand.SCENARIOS.get(name).run(new FaultOptions(10, 40, 1_000, 1, seeds.fresh()), figures);
        assertThat(figures.missed()).as("figures missed: the output has them").isZero();
    }

    /** In a process that may mount a file system of its own; where none may, this fails. */
    @Test
    @Tag("slow")
    @Tag("gate")
    @Tag("alone")
    @Timeout(120)
    void shouldReachItsFiguresOnAFullDisk() throws Exception {
        final List<String> command = new ArrayList<>(List.of("unshare", "--mount"));
        if (!"root".equals(System.getProperty("user.name"))) {
            command.add("--map-root-user");
        }
        command.addAll(RelayProcess.java("penstock.faults.FaultsCommand"));
        command.addAll(List.of("full-disk", "--count", "3", "--sessions", "40", "--rate", "1000", "--seed",
            Long.toString(seeds.fresh())));
        final ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("FAULTS_MOUNTS", "own");
        final Process process = builder.start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void shouldNameEveryScenarioInTheScriptAndOnThePage() {
        final Matcher names =
            Pattern.compile("(?s)\\nnames=\\(([^)]*)\\)").matcher(Pages.text("scripts/faults"));
        assertThat(names.find()).isTrue();
        final List<String> ofScript = Arrays.asList(names.group(1).trim().split("\\s+"));
        final Set<String> all = FaultsCommand.SCENARIOS.keySet();
        assertThat(ofScript).containsExactlyElementsOf(all.stream().filter(name -> !name.equals("soak")).toList());
        assertThat(Pages.text("scripts/soak")).contains("faults\" soak \"$@\"");
        final String page = Pages.text(PAGE);
        assertThat(all.stream().filter(name -> !name.equals("soak")).filter(name ->
            !page.contains("`" + name + "`")).collect(Collectors.toSet())).as("not on the page").isEmpty();
    }

    @Test
    void shouldNameOnlyTestsThatExist() throws IOException {
        final Set<String> files;
        try (Stream<Path> all = Files.walk(Pages.path("relay/src/test/java"))) {
            files = all.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
        final Matcher tests = Pattern.compile("`([A-Z]\\w+Test)`").matcher(Pages.text(PAGE));
        assertThat(tests.results().map(test -> test.group(1) + ".java").toList()).hasSizeGreaterThan(20)
            .allMatch(files::contains);
    }
}
