package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The architecture fits on one page, and the paths through the code stay short. */
class ArchitecturePageTest {
    private static final int MAX_WORDS = 25;
    private static final int MAX_TICK_FILES = 40;
    private static final int MAX_SUBSCRIBE_FILES = 16;
    private static final int MAX_RECONNECT_FILES = 14;
    private static final Pattern FILE = Pattern.compile("^[0-9]+\\. \\[[^\\]]+]\\(([^)]+)\\): .+");
    private static final Pattern CLASS = Pattern.compile("`((?:[a-z]+\\.)+[A-Z][A-Za-z]+)`");
    private static final Pattern STEP = Pattern.compile("^[0-9]+\\. \\*\\*.+");

    private final String page = Pages.text("relay/docs/architecture.md");

    @Test
    void shouldExplainFewWords() {
        assertThat(Pages.rows(Pages.section(page, "## Glossary"), "| word | meaning |"))
            .hasSizeBetween(20, MAX_WORDS);
    }

    @Test
    void shouldNameFewClassesByOneWordThatTheGlossaryLacks() throws IOException {
        final Set<String> glossary = Pages.rows(Pages.section(page, "## Glossary"), "| word | meaning |").stream()
            .flatMap(row -> Stream.of(Pages.plain(row.get(0)).split(",? "))).collect(Collectors.toSet());
        final List<String> classes;
        try (Stream<Path> files = Files.walk(Pages.path("relay/src/main/java"))) {
            classes = files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".java"))
                .map(name -> name.replace(".java", "")).filter(name -> !name.equals("package-info")).toList();
        }

        final List<String> vague = classes.stream().filter(name -> name.matches("[A-Z][a-z]+"))
            .filter(name -> !glossary.contains(name.toLowerCase(Locale.ROOT))).toList();

        assertThat(vague).hasSizeLessThanOrEqualTo(classes.size() / 10);
    }

    @Test
    void shouldFollowATickInEightSteps() {
        assertPath("## A tick", 8, MAX_TICK_FILES);
    }

    @Test
    void shouldFollowASubscribeInSixSteps() {
        assertPath("## A subscribe", 6, MAX_SUBSCRIBE_FILES);
    }

    @Test
    void shouldFollowAReconnectInSevenSteps() {
        assertPath("## A reconnect", 7, MAX_RECONNECT_FILES);
    }

    @Test
    void shouldGiveTenDecisionsANumberEach() {
        assertThat(Pages.rows(Pages.section(page, "## Ten decisions"), "| decision | number |"))
            .hasSize(10).allSatisfy(row -> assertThat(row.get(1)).containsPattern("[0-9]"));
    }

    @Test
    void shouldNameClassesThatExist() {
        final List<String> names = CLASS.matcher(page).results().map(match -> match.group(1)).toList();
        assertThat(names).hasSizeGreaterThan(8).allSatisfy(name -> assertThat(Files.exists(Pages.path(
            "relay/src/main/java/penstock").resolve(name.replace('.', '/') + ".java"))).as(name).isTrue());
    }

    private void assertPath(final String heading, final int steps, final int maxFiles) {
        final String section = Pages.section(page, heading);
        final List<String> files = section.lines().map(FILE::matcher).filter(matcher -> matcher.matches())
            .map(matcher -> matcher.group(1)).toList();
        assertThat(section.lines().filter(line -> STEP.matcher(line).matches())).as("steps of %s", heading)
            .hasSize(steps);
        assertThat(files).as("files of %s", heading).hasSizeBetween(1, maxFiles).doesNotHaveDuplicates()
            .allSatisfy(file -> assertThat(Files.exists(Pages.path("relay/docs").resolve(file))).as(file).isTrue());
    }
}
