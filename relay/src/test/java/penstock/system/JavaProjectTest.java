package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.Pages;
import penstock.testkit.Patience;

/**
 * The client in Java as another project has it: an empty Maven project with the files of its page, and a local
 * repository into which nothing of Penstock was installed but this artefact.
 */
@Tag("gate")
class JavaProjectTest {
    private static final String PAGE = "relay/docs/how-to/prices-in-java.md";
    private static final String VERSION = "0.1.0";
    private static final String JAR = "penstock-client-" + VERSION + ".jar";
    /** The one that the build of Penstock uses, so that it is there without a network. */
    private static final Pattern COMPILER =
        Pattern.compile("maven-compiler-plugin</artifactId>\\s*<version>([^<]+)</version>");

    @TempDir
    private Path folder;

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldShowPricesWithTheFilesOfThePage() throws Exception {
        final Path repository = repository();
        write("pom.xml", block("xml", "<project"));
        write("src/main/java/Prices.java", block("java", "import "));
        final Matcher compiler = COMPILER.matcher(Pages.text("pom.xml"));
        assertThat(compiler.find()).isTrue();

        final Process maven = new ProcessBuilder("mvn", "-B", "-o", "-Dmaven.repo.local=" + repository,
            "org.apache.maven.plugins:maven-compiler-plugin:" + compiler.group(1) + ":compile")
            .directory(folder.toFile()).redirectErrorStream(true).start();
        final String said = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(maven.waitFor()).as(said).isZero();
        final Path jar = repository.resolve("io/penstock/penstock-client/" + VERSION + "/" + JAR);
        try (RelayProcess relay = RelayProcess.start("demo")) {
            show(relay, folder.resolve("target/classes") + File.pathSeparator + jar);
        }
    }

    private void show(final RelayProcess relay, final String classPath) throws IOException, InterruptedException {
        final Process program = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp", classPath, "Prices", "ws://127.0.0.1:" + relay.port).redirectErrorStream(true).start();
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

    /** The first block of the page that begins so. */
    private static String block(final String language, final String begin) {
        final Matcher block = Pattern.compile("```" + language + "\n(" + begin + ".*?)```", Pattern.DOTALL)
            .matcher(Pages.text(PAGE));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private void write(final String name, final String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    /** The plugins of this machine's repository, and of Penstock this artefact alone, with what its POM names. */
    private Path repository() throws IOException {
        final Path here = Path.of(System.getProperty("localRepository",
            Path.of(System.getProperty("user.home"), ".m2", "repository").toString()));
        final Path repository = folder.resolve("repository");
        link(here, repository, "io");
        link(here.resolve("io"), repository.resolve("io"), "penstock");
        final Path penstock = repository.resolve("io/penstock");
        final Path client = Files.createDirectories(penstock.resolve("penstock-client/" + VERSION));
        final Path parent = Files.createDirectories(penstock.resolve("penstock/" + VERSION));
        final Path jar = Pages.path("relay/clients/java/target/" + JAR);
        assertThat(jar).withFailMessage("no %s: mvn -B -DskipTests package builds it", jar).exists();
        Files.copy(jar, client.resolve(JAR));
        Files.copy(Pages.path("relay/clients/java/pom.xml"), client.resolve(JAR.replace(".jar", ".pom")));
        Files.copy(Pages.path("pom.xml"), parent.resolve("penstock-" + VERSION + ".pom"));
        return repository;
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
