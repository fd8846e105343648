package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.PageBlock;
import penstock.docs.Pages;
import penstock.testkit.Patience;

/**
 * The client in Java as another project has it: the commands of its page install it from the sources into a local
 * repository that had nothing of Penstock, and an empty Maven project with the files of the page shows prices.
 */
@Tag("gate")
class JavaProjectTest {
    private static final String PAGE = "relay/docs/how-to/prices-in-java.md";
    private static final String ADDRESS = "ws://localhost:8080";
    /** What Maven reads to install the client: the rest of Penstock need not be there. */
    private static final List<String> SOURCES = List.of("pom.xml", "LICENSE", "config/style/pom.xml", ".mvn",
        "relay/pom.xml", "bench/pom.xml", "relay/plugin-api/pom.xml", "relay/clients/java/pom.xml",
        "relay/src/main/java/penstock/client");

    @TempDir
    private Path folder;

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldInstallAndShowPricesByTheCommandsAndFilesOfThePage() throws Exception {
        final Path sources = folder.resolve("penstock");
        for (final String each : SOURCES) {
            copy(Pages.path(each), sources.resolve(each));
        }
        linkRepository();
        run(sources, PageBlock.starting(PAGE, "mvn -q -B").text());
        final Path project = folder.resolve("prices");
        write(project.resolve("pom.xml"), PageBlock.starting(PAGE, "<project").text());
        write(project.resolve("src/main/java/Prices.java"), programOfThePage());
        final String[] commands = PageBlock.starting(PAGE, "mvn -q compile").text().split("\n");
        assertThat(commands).hasSize(2);
        run(project, commands[0]);

        assertThat(commands[1]).endsWith(ADDRESS);
        try (RelayProcess relay = RelayProcess.start("demo")) {
            show(relay, shell(project, "exec " + commands[1].replace(ADDRESS, "ws://127.0.0.1:" + relay.port)));
        }
    }

    private void run(final Path place, final String command) throws IOException, InterruptedException {
        final Process process = shell(place, command).start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s%n%s", command, said).isZero();
    }

    private ProcessBuilder shell(final Path place, final String command) {
        final ProcessBuilder shell =
            new ProcessBuilder("/bin/sh", "-ec", command).directory(place.toFile()).redirectErrorStream(true);
        shell.environment().put("HOME", folder.toString());
        // Maven asks the system who the user is, and not the shell
        shell.environment().put("MAVEN_OPTS", "-Dmaven.repo.local=" + repository());
        return shell;
    }

    private void show(final RelayProcess relay, final ProcessBuilder command) throws IOException, InterruptedException {
        final Process program = command.start();
        try (BufferedReader out = program.inputReader(StandardCharsets.UTF_8)) {
            awaitLine(out, "EURUSD \\d+\\.\\d+ \\d+\\.\\d+ LIVE");
            awaitLine(out, "GBPUSD \\d+\\.\\d+ \\d+\\.\\d+ LIVE");
            relay.close();
            awaitLine(out, "EURUSD \\d+\\.\\d+ \\d+\\.\\d+ STALE");
            program.getOutputStream().write('\n');
            program.getOutputStream().flush();
            assertThat(program.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
            assertThat(program.exitValue()).isZero();
        } finally {
            program.destroyForcibly();
        }
    }

    private static void awaitLine(final BufferedReader out, final String pattern) throws IOException {
        final StringBuilder read = new StringBuilder();
        String line = out.readLine();
        while (line != null && !line.matches(pattern)) {
            read.append(line).append('\n');
            line = out.readLine();
        }
        assertThat(line).as("a line %s after%n%s", pattern, read).isNotNull();
    }

    private static String programOfThePage() {
        return PageBlock.of(PAGE).stream().map(PageBlock::text).filter(text -> text.contains("class Prices"))
            .findFirst().orElseThrow();
    }

    private static void write(final Path file, final String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void copy(final Path from, final Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (final Path each : files.filter(Files::isRegularFile).toList()) {
                final Path copied = to.resolve(from.relativize(each).toString());
                Files.createDirectories(copied.getParent());
                Files.copy(each, copied);
            }
        }
    }

    private Path repository() {
        return folder.resolve(".m2/repository");
    }

    /** What Maven has of others on this machine, so that it need not be fetched again, and nothing of Penstock. */
    private void linkRepository() throws IOException {
        final Path here = Path.of(System.getProperty("localRepository",
            Path.of(System.getProperty("user.home"), ".m2", "repository").toString()));
        link(here, repository(), "io");
        link(here.resolve("io"), repository().resolve("io"), "penstock");
    }

    /** Links all of a folder but one name into another, new one. */
    private static void link(final Path from, final Path to, final String except) throws IOException {
        Files.createDirectories(to);
        final List<Path> found;
        try (Stream<Path> all = Files.list(from)) {
            found = all.filter(each -> !each.endsWith(except)).toList();
        }
        for (final Path each : found) {
            Files.createSymbolicLink(to.resolve(each.getFileName()), each);
        }
    }
}
