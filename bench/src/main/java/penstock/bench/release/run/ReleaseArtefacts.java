package penstock.bench.release.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of a release that users download, as {@code scripts/package} makes them. Owned by the main thread. */
public final class ReleaseArtefacts {
    public static final String CHECKSUMS = "SHA256SUMS";

    private final Path folder;
    private final CommandRunner commands;

    /** {@code folder}: where they go; what it has is replaced. */
    public ReleaseArtefacts(final Path folder, final CommandRunner commands) {
        this.folder = folder;
        this.commands = commands;
    }

    public Path folder() {
        return folder;
    }

    /** Makes all of them with the runtime of this JDK. */
    public void pack(final Path java) throws IOException, ReleaseFailure {
        commands.with("JAVA_HOME", java.toString()).run("package.log", List.of("scripts/package", "--output",
            folder.toString()));
    }

    /** Unpacks the archive elsewhere, and fails unless its relay starts from there. */
    public void tryOut(final ReleaseVersion version) throws IOException, ReleaseFailure {
        final Path archive = archive();
        final String ending = ".tar.gz";
        final String name = archive.getFileName().toString();
        final Path elsewhere = Files.createTempDirectory("penstock-release");
        try {
            commands.run("unpack.log", List.of("tar", "-C", elsewhere.toString(), "-xzf", archive.toString()));
            final String relay = elsewhere.resolve(name.substring(0, name.length() - ending.length()))
                .resolve("bin/relay").toString();
            final String shown = commands.output(List.of(relay, "--version"));
            if (shown == null || !shown.contains(version.text())) {
                throw new ReleaseFailure(name + ": bin/relay --version prints '" + shown + "', not " + version);
            }
            final Path config = Files.writeString(elsewhere.resolve("feed.conf"),
                "feed { name = try, venue = json, url = \"ws://localhost:9100/\" }\n");
            commands.run("check.log", List.of(relay, "check", "-c", config.toString()));
        } finally {
            ReleaseProgress.delete(elsewhere);
        }
    }

    private Path archive() throws IOException, ReleaseFailure {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(each -> each.toString().endsWith(".tar.gz")).findFirst()
                .orElseThrow(() -> new ReleaseFailure("scripts/package made no archive in " + folder));
        }
    }
}
