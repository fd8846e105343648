package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.EndedProcess;
import penstock.testkit.Patience;

/** {@code scripts/relay} in a small project whose Maven and java are scripts of the test. */
@Timeout(Patience.TEST_SECONDS)
class RelayScriptTest {
    /** Each step takes until a terminal has shown it and what is in the variable {@code shown}. */
    private static final String STEPS = """
        step() {
          echo "[INFO] --- $1 @ penstock-relay ---"
          [ "$shown" ] || return 0
          until grep -q "building: $2, $shown" ../terminal; do sleep 0.1; done
        }
        echo '[INFO] Scanning for projects...'
        step 'maven-checkstyle-plugin:3.6.0:check (style)' checkstyle
        step 'compiler:3.14.0:compile (default-compile)' compiler
        """;

    private static final String MAKES_JAR = "mkdir -p relay/target; echo >relay/target/penstock-all.jar";

    @TempDir
    private Path folder;
    private Path home;
    private Path jar;
    private String out;
    private String err;
    private String shown;

    @BeforeEach
    void checkOut() throws IOException {
        home = folder.resolve("project");
        jar = home.resolve("relay/target/penstock-all.jar");
        for (final String made : new String[] {"scripts", "config", "relay/src/main"}) {
            Files.createDirectories(home.resolve(made));
        }
        for (final String file : new String[] {"pom.xml", "relay/pom.xml", "config/jvm.options"}) {
            Files.writeString(home.resolve(file), "");
        }
        executable(home.resolve("scripts/relay"), Files.readString(Path.of("../scripts/relay")));
        executable(folder.resolve("jdk/bin/java"), """
            #!/bin/sh
            case "$*" in *-version*) echo '    java.specification.version = 17' >&2 ;; *) echo "java $*" ;; esac
            """);
    }

    @Test
    void shouldBuildQuietlyWithoutATerminalAndThenStart() throws Exception {
        maven(STEPS + MAKES_JAR);
        assertThat(relay("tap", "a b")).as(err).isZero();
        assertThat(out).isEqualTo("java -jar " + jar.toRealPath() + " tap a b\n");
        assertThat(err.lines().toList()).hasSize(2).startsWith(
            "building the jar: once, and after changes; the first build downloads libraries")
            .last().asString().matches("built in \\d+ s");
    }

    @Test
    void shouldShowEachStepOnATerminalAndHowFarABuildLikeTheLastOneIs() throws Exception {
        maven("shown='[0-9]* s'\n" + STEPS + MAKES_JAR);
        assertThat(terminal()).isZero();
        assertThat(shown).contains("building: checkstyle, ", "building: compiler, ").doesNotContain("%")
            .containsPattern("\r\u001b\\[Kbuilt in \\d+ s");

        Files.delete(jar);
        Files.writeString(jar.resolveSibling("build-seconds"), "8000\n");
        maven("shown='[0-9]* %, [0-9]* s, 7[0-9]* s left'\n" + STEPS + MAKES_JAR);
        assertThat(terminal()).isZero();
        assertThat(Files.readString(jar.resolveSibling("build-seconds")).strip()).matches("[0-9]{1,3}");
    }

    @Test
    void shouldBuildOnlyAfterChanges() throws Exception {
        maven("exit 1");
        Files.createDirectories(jar.getParent());
        Files.writeString(jar, "");
        assertThat(relay("demo")).as(err).isZero();
        assertThat(err).isEmpty();
    }

    @Test
    void shouldShowAllErrorsOfMavenWhenTheBuildFails() throws Exception {
        maven(STEPS + "echo '[ERROR] A.java:[3] wrong'; echo '  a line of the error'; exit 1");
        assertThat(relay("demo")).isEqualTo(1);
        assertThat(out).isEmpty();
        assertThat(err).endsWith("libraries\n[ERROR] A.java:[3] wrong\n  a line of the error\n"
            + "scripts/relay: the build failed; the errors are above\n");
    }

    private void maven(final String script) throws IOException {
        executable(folder.resolve("bin/mvn"), "#!/bin/sh\n" + script);
    }

    private static void executable(final Path file, final String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private int relay(final String... arguments) throws Exception {
        final String[] command = new String[1 + arguments.length];
        command[0] = home.resolve("scripts/relay").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return run(command);
    }

    /** The same on a terminal of its own, which writes what it shows to a file. */
    private int terminal() throws Exception {
        final Path screen = Files.writeString(folder.resolve("terminal"), "");
        final String script = home.resolve("scripts/relay").toString();
        final int code = run("script", "-q", "-e", "-f", "-c", script, screen.toString());
        shown = Files.readString(screen);
        return code;
    }

    private int run(final String... command) throws Exception {
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
        builder.environment().remove("JAVA_OPTS");
        builder.environment().merge("PATH", folder.resolve("bin") + File.pathSeparator, (path, bin) -> bin + path);
        final EndedProcess process = EndedProcess.run(builder, folder);
        out = process.out();
        err = process.err();
        return process.code();
    }
}
