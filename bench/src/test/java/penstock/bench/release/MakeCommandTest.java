package penstock.bench.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.bench.release.run.CommandRunner;
import picocli.CommandLine;

/** Releases of a small project whose build, benchmarks and scenarios are scripts of the test. */
class MakeCommandTest {
    /** Says which JDK and version it was given, by an archive whose relay says the same. */
    private static final String PACKAGE = """
        [[ $1 == --output ]]
        version=$(sed -n 's|.*<version>\\(.*\\)</version>|\\1|p' pom.xml)
        mkdir -p "$2" stage/penstock-$version-linux-x64/bin
        printf '#!/bin/sh\\n[ $1 != --version ] || echo %s\\n' $version >stage/penstock-$version-linux-x64/bin/relay
        chmod +x stage/penstock-$version-linux-x64/bin/relay
        tar -C stage -czf "$2/penstock-$version-linux-x64.tar.gz" penstock-$version-linux-x64
        rm -r stage
        echo "${JAVA_HOME##*/}  penstock-$version-linux-x64.tar.gz" >"$2/SHA256SUMS"
        """;
    private static final String POM = "<project>\n  <version>0.1.0</version>\n</project>\n";

    @TempDir
    private Path folder;
    private Path home;
    private final StringWriter printed = new StringWriter();

    @BeforeEach
    void checkOut() throws Exception {
        home = Files.createDirectories(folder.resolve("project"));
        System.setProperty("penstock.home", home.toString());
        for (final String pom : List.of("pom.xml", "relay/pom.xml", "bench/pom.xml")) {
            write(pom, POM);
        }
        write("CHANGELOG.md", "# Changes\n\n## Unreleased\n\n* More.\n");
        write("README.md", "Penstock\n");
        write("LICENSE", "Apache\n");
        write(".gitignore", "target/\n");
        write("config/relay.conf", "# defaults\n");
        write("config/checkstyle.xml", "<x/>\n");
        results(50, true);
        jdk(17);
        jdk(25);
        script("scripts/package", PACKAGE);
        executable(folder.resolve("maven"), "exit 0");
        commit("first");
    }

    @AfterEach
    void forgetTheProject() {
        System.clearProperty("penstock.home");
    }

    @Test
    void shouldMeasureComparePackAndTryARelease() throws Exception {
        assertThat(make("0.1.0", "--skip-tests", "--scenarios", "broadcast burst")).as(printed.toString()).isZero();
        final String page = Files.readString(home.resolve("bench/results/0.1.0/README.md"));
        assertThat(page).contains("| tests | **skipped** |", "scripts/bench --out bench/results/0.1.0/jmh.json",
            "scripts/load broadcast --rounds 5 --out bench/results/0.1.0/load",
            "The scenario burst was left out: there was no recording.");
        assertThat(home.resolve("bench/results/0.1.0/load/broadcast.json")).exists();
        assertThat(Files.readString(home.resolve("CHANGELOG.md"))).contains("## 0.1.0 (", "Measured: ");
        final Path work = home.resolve("bench/target/release");
        assertThat(work.resolve("packages/SHA256SUMS")).hasContent("jdk-17  penstock-0.1.0-linux-x64.tar.gz");
        assertThat(printed.toString()).contains(" benchmarks\n", " broadcast\n", " packages\n").doesNotContain("\r");
        assertThat(Files.readString(home.resolve("bench/target/release-seconds"))).contains("broadcast=0");
        assertThat(printed.toString()).contains("0.1.0 is ready:", "git commit -m \"release: 0.1.0\"");
    }

    @Test
    void shouldGoOnAfterAFailureWithoutMeasuringTwice() throws Exception {
        script("scripts/load", "echo no room >&2; exit 2");
        commit("broken");
        assertThat(make("0.1.0", "--skip-tests", "--scenarios", "broadcast")).isEqualTo(1);
        assertThat(printed.toString()).contains("no room", "go on with --resume");
        script("scripts/bench", "exit 1");
        results(50, true, "scripts/load");
        runGit("update-index", "--assume-unchanged", "scripts/bench", "scripts/load");
        assertThat(make("0.1.0", "--skip-tests", "--scenarios", "broadcast", "--resume")).as(printed.toString())
            .isZero();
    }

    @Test
    void shouldResumeOnlyTheSameCommitAndOptions() throws Exception {
        assertThat(make("0.1.0", "--resume")).isEqualTo(1);
        assertThat(printed.toString()).contains("nothing to resume");
    }

    @Test
    void shouldRefuseABrokenTruthAndReleaseItWhenAllowed() throws Exception {
        results(50, false);
        commit("untrue");
        assertThat(make("0.1.0", "--skip-tests", "--scenarios", "broadcast")).isEqualTo(ReleaseTool.REFUSED);
        assertThat(home.resolve("bench/results/0.1.0")).doesNotExist();
        assertThat(make("0.1.0", "--skip-tests", "--scenarios", "broadcast", "--resume", "--allow-regression"))
            .as(printed.toString()).isZero();
    }

    @Test
    void shouldRefuseATreeWithChangesAndResultsThatExist() throws Exception {
        write("README.md", "changed\n");
        assertThat(make("0.1.0", "--skip-tests")).isEqualTo(1);
        assertThat(printed.toString()).contains("the tree has changes", "README.md");
        write("bench/results/0.1.0/README.md", "old\n");
        commit("results");
        assertThat(make("0.1.0", "--skip-tests")).isEqualTo(1);
        assertThat(printed.toString()).contains("bench/results/0.1.0 exists");
    }

    @Test
    void shouldRejectAWrongCall() throws Exception {
        assertThat(make("1.0")).isEqualTo(2);
        assertThat(make()).isEqualTo(2);
        assertThat(make("1.0.0", "--fast")).isEqualTo(2);
        assertThat(make("1.0.0", "1.0.1")).isEqualTo(2);
        assertThat(make("1.0.0", "--rounds", "0")).isEqualTo(2);
        assertThat(make("1.0.0", "--recording", folder.resolve("none").toString())).isEqualTo(2);
        assertThat(printed.toString()).contains("'1.0' is no version", "--rounds", "there is no recording");
    }

    @Test
    void shouldNameAJdkThatIsNotTheOneItNeeds() throws Exception {
        jdk(25);
        assertThat(makeWith("--jdk17", "jdk-25", "0.1.0")).isEqualTo(1);
        assertThat(printed.toString()).contains("is not a JDK 17 but 25");
        assertThat(makeWith("--jdk17", "missing", "0.1.0")).isEqualTo(1);
        assertThat(printed.toString()).contains("is no JDK");
    }

    private int make(final String... arguments) throws IOException {
        return makeWith("--jdk17", "jdk-17", arguments);
    }

    private int makeWith(final String option, final String jdk, final String... arguments) throws IOException {
        final List<String> all = new ArrayList<>(List.of("make", option, folder.resolve(jdk).toString(), "--maven",
            folder.resolve("maven").toString()));
        all.addAll(List.of(arguments));
        if (!all.contains("--skip-tests")) {
            all.addAll(List.of("--jdk25", folder.resolve("jdk-25").toString()));
        }
        final CommandLine line = ReleaseTool.commandLine();
        line.setOut(new PrintWriter(printed, true));
        line.setErr(new PrintWriter(printed, true));
        return line.execute(all.toArray(String[]::new));
    }

    /** Scripts that write these results. */
    private void results(final double score, final boolean truth, final String... only) throws IOException {
        final Path sample = folder.resolve("sample" + score + truth);
        SampleResults.write(sample, List.of(SampleResults.benchmark("BaselineBenchmark.walk", "avgt", 100, "0.1", 0),
            SampleResults.benchmark("StoreBenchmark.store", "avgt", score, "0.5", 0)),
            List.of(SampleResults.load("broadcast",
            Map.of("cpu per update", SampleResults.figure("us", 1.05, true, 1.0, 1.01, 1.02)), truth)));
        final String out = "while [[ $1 != --out ]]; do shift; done\n";
        if (only.length == 0) {
            script("scripts/bench", out + "cp " + sample + "/jmh.json \"$2\"");
        }
        script("scripts/load", "name=$1\n" + out + "mkdir -p \"$2\"; cp " + sample + "/load/0.json \"$2/$name.json\""
            + (truth ? "" : "; exit 1"));
    }

    /** A JDK of this release: enough of one to be found. */
    private void jdk(final int release) throws IOException {
        final Path bin = folder.resolve("jdk-" + release + "/bin");
        executable(bin.resolve("javac"), "exit 0");
        executable(bin.resolve("java"), "echo '    java.specification.version = " + release + "'");
    }

    private void script(final String name, final String text) throws IOException {
        executable(home.resolve(name), text);
    }

    private static void executable(final Path file, final String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/usr/bin/env bash\nset -e\n" + text + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private void write(final String name, final String text) throws IOException {
        final Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private void commit(final String subject) throws Exception {
        runGit("init", "-q");
        runGit("add", "-A");
        runGit("-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "-q", "-m", subject);
    }

    private void runGit(final String... arguments) throws Exception {
        final List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        new CommandRunner(home, folder).run("git.log", command);
    }
}
