package penstock.bench.release.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** What a run of {@code scripts/release} has done, on disk, so that a later one can go on. Owned by the main thread. */
public final class ReleaseProgress {
    private final Path work;

    /** {@code work}: the folder of the run. */
    public ReleaseProgress(final Path work) {
        this.work = work;
    }

    public Path work() {
        return work;
    }

    /** The folder of figures, complete or not. */
    public Path measured() {
        return work.resolve("measured");
    }

    /** Begins a run, or goes on with one of the same options. */
    public void begin(final String options, final boolean resume) throws IOException, ReleaseFailure {
        final String state = options.strip();
        final Path file = work.resolve("state");
        if (resume) {
            if (!Files.exists(file)) {
                throw new ReleaseFailure("nothing to resume in " + work + "; leave --resume out");
            }
            final String begun = Files.readString(file).strip();
            if (!begun.equals(state)) {
                throw new ReleaseFailure("--resume needs the same commit and options: the run was begun with '" + begun
                    + "', now it is '" + state + "'; leave --resume out");
            }
        } else {
            delete(work);
        }
        Files.createDirectories(work.resolve("logs"));
        Files.createDirectories(measured().resolve("load"));
        Files.writeString(file, state + "\n");
    }

    public boolean isDone(final String step) {
        return Files.exists(work.resolve("done-" + step));
    }

    public void done(final String step) throws IOException {
        Files.writeString(work.resolve("done-" + step), "");
    }

    /** Removes what earlier builds made, and keeps this run. */
    public void clean(final Path home) throws IOException {
        delete(home.resolve("relay/target"));
        final Path target = home.resolve("bench/target");
        if (Files.isDirectory(target)) {
            try (Stream<Path> all = Files.list(target)) {
                all.filter(each -> !each.equals(work)).forEach(ReleaseProgress::deleteUnchecked);
            }
        }
    }

    /** Removes a folder with all that is in it. */
    public static void delete(final Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (final Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    private static void deleteUnchecked(final Path folder) {
        try {
            delete(folder);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
