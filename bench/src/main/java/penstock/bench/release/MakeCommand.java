package penstock.bench.release;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import penstock.bench.release.run.CommandRunner;
import penstock.bench.release.run.JdkFinder;
import penstock.bench.release.run.ReleaseArtefacts;
import penstock.bench.release.run.ReleaseFailure;
import penstock.bench.release.run.ReleasePlan;
import penstock.bench.release.run.ReleaseProgress;
import penstock.bench.release.run.ReleaseVersion;
import penstock.bench.release.run.SourceTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a release: tests, measures, compares, packs. {@code scripts/release} runs it. Owned by the main thread. */
@Command(name = "make", sortOptions = false, header = "Makes a release; scripts/release --help lists the options.")
final class MakeCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final String BENCHMARKS = "benchmarks";
    private static final String PACKAGES = "packages";
    private static final List<String> BUILDS = List.of("package");
    private static final List<String> TESTS = List.of("tests-25", "tests-17");
    /** How long steps take that were never done on this machine, in seconds: on two cores. */
    private static final long BUILD_SECONDS = 120;
    private static final long TESTS_SECONDS = 900;
    private static final long PACKAGES_SECONDS = 60;

    @Parameters(paramLabel = "VERSION")
    private String versionText;

    @Option(names = "--jdk17", defaultValue = "${env:JAVA_HOME_17}")
    private Path jdk17;

    @Option(names = "--jdk25", defaultValue = "${env:JAVA_HOME_25}")
    private Path jdk25;

    @Option(names = "--allow-regression")
    private boolean isRegressionAllowed;

    @Option(names = "--again")
    private boolean isAgain;

    @Option(names = "--resume")
    private boolean isResumed;

    @Option(names = "--skip-tests")
    private boolean skipsTests;

    @Option(names = "--maven", defaultValue = "mvn", hidden = true)
    private String maven;

    @Mixin
    private MeasureOptions measuring;

    @Spec
    private CommandSpec spec;

    private final Path home = Path.of(System.getProperty("penstock.home", "")).toAbsolutePath();
    private final ReleaseProgress progress = new ReleaseProgress(home.resolve("bench/target/release"));
    private final CommandRunner commands = new CommandRunner(home, progress.work().resolve("logs"));
    private final SourceTree tree = new SourceTree(home, commands);
    private final List<String> shown = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private ReleasePlan plan;

    @Override
    public Integer call() throws Exception {
        final ReleaseVersion version = ReleaseVersion.parse(versionText).orElseThrow(() -> wrong("'" + versionText
            + "' is no version: three numbers, as in 1.4.0, or 1.4.0-rc.1 before it"));
        if (measuring.mistake() != null) {
            throw wrong(measuring.mistake());
        }
        final Thread restore = new Thread(this::restore);
        Runtime.getRuntime().addShutdownHook(restore);
        try (ReleasePlan steps = new ReleasePlan(home.resolve("bench/target/release-seconds"), System::nanoTime)) {
            plan = steps;
            return make(version);
        } finally {
            restore();
            Runtime.getRuntime().removeShutdownHook(restore);
        }
    }

    private int make(final ReleaseVersion version) throws IOException, ReleaseFailure {
        final JdkFinder jdks = new JdkFinder(commands, Path.of("/usr/lib/jvm"));
        final Path java17 = jdks.find(17, jdk17);
        final Path java25 = skipsTests ? null : jdks.find(25, jdk25);
        final Path results = home.resolve("bench/results").resolve(version.text());
        final String changes = tree.changes(isAgain ? version : null);
        if (!changes.isEmpty()) {
            throw new ReleaseFailure("the tree has changes, so no commit would identify what was measured;"
                + " commit or stash them first:\n" + changes);
        }
        if (Files.exists(results) && !isAgain) {
            throw new ReleaseFailure("bench/results/" + version
                + " exists; give the next version, or --again to replace"
                + " it");
        }
        final String commit = tree.commit();
        final String date = LocalDate.now(ZoneOffset.UTC).toString();
        progress.begin(version + " " + commit + " tests=" + !skipsTests + " " + measuring.state(), isResumed);
        commands.with("JAVA_HOME", java17.toString());
        if (!tree.version().equals(version.text())) {
            step("poms: version " + tree.version() + " becomes " + version);
            tree.setVersion(version, maven);
            notes.add("The commit was measured with the version in its poms set to " + version + ", nothing else.");
        }
        planSteps();
        build(java17, java25);
        final List<String> changelog = List.of("changelog", "--file", home.resolve("CHANGELOG.md").toString(),
            "--version", version.text(), "--date", date);
        page(changelog, "CHANGELOG.md cannot become that of " + version); // before hours of measuring
        measure(version);
        step("comparing, drawing, writing the page");
        if (!writePage(version, commit, date)) {
            return ReleaseTool.REFUSED;
        }
        step("bench/results/" + version);
        replace(results);
        final List<String> withFigures = new ArrayList<>(changelog);
        withFigures.addAll(List.of("--results", results.toString()));
        page(withFigures, "CHANGELOG.md could not be written");
        tree.keepVersion();
        pack(version, java17);
        return 0;
    }

    private void planSteps() {
        (skipsTests ? BUILDS : TESTS).forEach(each -> plan.add(each, skipsTests ? BUILD_SECONDS : TESTS_SECONDS));
        plan.add(BENCHMARKS, measuring.benchmarkSeconds());
        measuring.scenarios().stream().filter(each -> !measuring.isLeftOut(each))
            .forEach(each -> plan.add(each, measuring.loadSeconds()));
        plan.add(PACKAGES, PACKAGES_SECONDS);
        plan.start();
    }

    private void build(final Path java17, final Path java25) throws IOException, ReleaseFailure {
        if (skipsTests) {
            shown.add("JAVA_HOME=<JDK 17> mvn -B clean package -DskipTests");
            build(BUILDS.get(0), java17, "building with JDK 17, tests skipped", List.of(maven, "-B", "-DskipTests",
                "package"));
        } else {
            shown.add("JAVA_HOME=<JDK 25> mvn -B clean verify");
            shown.add("JAVA_HOME=<JDK 17> mvn -B clean verify");
            build(TESTS.get(0), java25, "tests on JDK 25 (" + java25 + ")", List.of(maven, "-B", "verify"));
            build(TESTS.get(1), java17, "tests on JDK 17 (" + java17 + ")", List.of(maven, "-B", "verify"));
        }
    }

    private void build(final String name, final Path java, final String text, final List<String> command)
            throws IOException, ReleaseFailure {
        if (progress.isDone(name)) {
            plan.skip(name);
        } else {
            plan.begin(name);
            step(text);
            progress.clean(home);
            commands.with("JAVA_HOME", java.toString()).run(name + ".log", command);
            progress.done(name);
        }
    }

    private void measure(final ReleaseVersion version) throws IOException, ReleaseFailure {
        final String results = " --out bench/results/" + version;
        shown.add(String.join(" ", measuring.benchmarks()) + results + "/jmh.json");
        final Path figures = progress.measured().resolve("jmh.json");
        if (Files.exists(figures)) {
            plan.skip(BENCHMARKS);
        } else {
            begin(BENCHMARKS);
            final Path out = progress.work().resolve("jmh.json");
            commands.run("bench.log", with(measuring.benchmarks(), "--out", out.toString()));
            Files.move(out, figures);
        }
        for (final String scenario : measuring.scenarios()) {
            if (measuring.isLeftOut(scenario)) {
                step("load: " + scenario + " is left out, there is no --recording");
                notes.add("The scenario " + scenario + " was left out: there was no recording.");
            } else {
                shown.add(measuring.shown(scenario) + results + "/load");
                load(scenario);
            }
        }
    }

    private void load(final String scenario) throws IOException, ReleaseFailure {
        final Path measured = progress.measured().resolve("load");
        if (Files.exists(measured.resolve(scenario + ".json"))) {
            plan.skip(scenario);
            return;
        }
        begin(scenario);
        final Path out = progress.work().resolve("load");
        ReleaseProgress.delete(out);
        final List<String> command = with(measuring.load(scenario), "--out", out.toString());
        final String log = "load-" + scenario + ".log";
        final int status = commands.status(log, command);
        final Path figures = out.resolve(scenario + ".json");
        // exit code 1 with results: a truth is broken; the page shows it, and the release is refused
        if (status != 0 && !(status == 1 && Files.exists(figures))) {
            throw commands.failure(log, command);
        }
        final Path histograms = out.resolve(scenario + ".hlog");
        if (Files.exists(histograms)) {
            Files.move(histograms, measured.resolve(scenario + ".hlog"));
        }
        Files.move(figures, measured.resolve(scenario + ".json"));
    }

    /** False if the figures refuse the release. */
    private boolean writePage(final ReleaseVersion version, final String commit, final String date)
            throws ReleaseFailure {
        final List<String> arguments = new ArrayList<>(List.of("page", "--version", version.text(), "--commit", commit,
            "--date", date, "--tests", skipsTests ? "**skipped**" : "passed on JDK 25 and JDK 17",
            "--measured", progress.measured().toString(), "--results", home.resolve("bench/results").toString()));
        if (measuring.isQuick()) {
            arguments.add("--quick");
        }
        if (isRegressionAllowed) {
            arguments.add("--allow-regression");
        }
        shown.forEach(each -> arguments.addAll(List.of("--command", each)));
        notes.forEach(each -> arguments.addAll(List.of("--note", each)));
        if (page(arguments, "the page could not be written") == 0) {
            return true;
        }
        spec.commandLine().getErr().println("scripts/release: refused; the page is "
            + progress.measured().resolve("README.md") + ". Mend what it lists, or go on with --resume"
            + " --allow-regression");
        return false;
    }

    private int page(final List<String> arguments, final String mistake) throws ReleaseFailure {
        final int status = ReleaseTool.commandLine().setOut(out()).setErr(spec.commandLine().getErr())
            .execute(arguments.toArray(String[]::new));
        if (status != 0 && status != ReleaseTool.REFUSED) {
            throw new ReleaseFailure(mistake + "; the reason is above. Mend it and go on with --resume");
        }
        return status;
    }

    private void replace(final Path results) throws IOException {
        ReleaseProgress.delete(results);
        Files.createDirectories(results.getParent());
        try (Stream<Path> all = Files.walk(progress.measured())) {
            for (final Path each : all.toList()) {
                Files.copy(each, results.resolve(progress.measured().relativize(each).toString()));
            }
        }
    }

    private void pack(final ReleaseVersion version, final Path java) throws IOException, ReleaseFailure {
        final ReleaseArtefacts artefacts = new ReleaseArtefacts(progress.work().resolve("packages"), commands);
        begin(PACKAGES);
        artefacts.pack(java);
        step("trying the archive");
        artefacts.tryOut(version);
        plan.end();
        out().printf("%n%s is ready:%n%s  in %s, results in bench/results/%s/README.md%n%n"
            + "Read the page and CHANGELOG.md, then:%n"
            + "  git add '*pom.xml' CHANGELOG.md bench/results/%s%n"
            + "  git commit -m \"release: %s\"%n  git tag -a v%s -m \"Penstock %s\"%n  git push --follow-tags%n"
            + "  mvn -B -Prelease deploy -DskipTests -Drelease.url=https://… -DaltDeploymentRepository=…%n", version,
            Files.readString(artefacts.folder().resolve(ReleaseArtefacts.CHECKSUMS)), artefacts.folder(), version,
            version, version, version, version);
    }

    private void restore() {
        try {
            tree.close();
        } catch (final IOException e) {
            spec.commandLine().getErr().println("scripts/release: the poms keep version " + versionText + ": " + e);
        }
    }

    /** A step of the plan: the line of the terminal makes room for its name, and then goes on below. */
    private void begin(final String name) throws IOException {
        plan.begin(name);
        step(name);
    }

    private void step(final String text) {
        out().println("== " + TIME.format(LocalTime.now()) + " " + text);
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private ParameterException wrong(final String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private static List<String> with(final List<String> command, final String... more) {
        final List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }
}
