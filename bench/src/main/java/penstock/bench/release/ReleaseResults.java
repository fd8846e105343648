package penstock.bench.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import penstock.bench.release.run.ReleaseVersion;

/**
 * The stored figures of one release. Stateless.
 *
 * @param version  the release
 * @param suite    of JMH
 * @param loadRuns in the order of their names
 */
record ReleaseResults(String version, BenchmarkSuite suite, List<LoadRun> loadRuns) {
    /** Marks a folder of results that only served to try the script. */
    static final String QUICK = "QUICK";

    static ReleaseResults read(final String version, final Path folder) throws IOException {
        final List<LoadRun> runs = new ArrayList<>();
        for (final Path file : jsonFiles(folder.resolve("load"))) {
            runs.add(LoadRun.read(file));
        }
        return new ReleaseResults(version, BenchmarkSuite.read(folder.resolve("jmh.json")), runs);
    }

    /** The highest version below that has results, those of short rounds left out. */
    static Optional<Path> lastBefore(final ReleaseVersion version, final Path results) throws IOException {
        if (!Files.isDirectory(results)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(results)) {
            return folders.filter(Files::isDirectory).filter(each -> !Files.exists(each.resolve(QUICK)))
                .map(each -> ReleaseVersion.parse(each.getFileName().toString())).flatMap(Optional::stream)
                .filter(each -> each.compareTo(version) < 0).max(Comparator.naturalOrder())
                .map(each -> results.resolve(each.text()));
        }
    }

    List<LoadFigure> loadFigures() {
        return loadRuns.stream().flatMap(run -> run.figures().stream()).toList();
    }

    List<String> broken() {
        return loadRuns.stream().flatMap(run -> run.broken().stream()).toList();
    }

    private static List<Path> jsonFiles(final Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.toString().endsWith(".json")).sorted().toList();
        }
    }
}
