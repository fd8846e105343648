package penstock.bench.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import penstock.bench.release.run.ReleaseVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Turns CHANGELOG.md. Owned by the main thread. */
@Command(name = "changelog", header = "Turns the part Unreleased of CHANGELOG.md into that of the version.")
final class ChangelogCommand implements Callable<Integer> {
    @Option(names = "--file", required = true)
    private Path file;

    @Option(names = "--version", required = true)
    private String version;

    @Option(names = "--date", required = true)
    private String date;

    @Option(names = "--results",
        description = "the folder of the release's results; without it nothing is written, only tried")
    private Path results;

    @Override
    public Integer call() throws IOException {
        final ReleaseVersion parsed = new ReleaseVersion(version);
        final String figures = results == null ? "" : KeyFigures.of(ReleaseResults.read(version, results));
        final String page = Changelog.released(Files.readString(file), parsed, date, figures);
        if (results != null) {
            Files.writeString(file, page);
        }
        return 0;
    }
}
