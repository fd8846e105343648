package penstock.bench.release.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The files of a release that users download: an archive, the jar, and their checksums. Owned by the main thread. */
public final class ReleaseArtefacts {
    public static final String CHECKSUMS = "SHA256SUMS";
    /** What a plugin is compiled against. */
    private static final String PLUGIN_API = "penstock-plugin-api.jar";
    /** The texts that the jar contains too; in the archive they can be read without a tool. */
    private static final String LICENCES = "relay/src/main/resources/META-INF/licenses";
    private static final List<String> TOP = List.of("README.md", "CHANGELOG.md", "LICENSE", "scripts/relay");

    private final Path home;
    private final Path work;
    private final String name;
    private final CommandRunner commands;

    public ReleaseArtefacts(final Path home, final Path work, final ReleaseVersion version,
            final CommandRunner commands) {
        this.home = home;
        this.work = work;
        this.commands = commands;
        name = "penstock-" + version;
    }

    public Path archive() {
        return work.resolve(name + ".tar.gz");
    }

    /** Packs the archive: the same bytes on every machine and at any time. */
    public void pack(final SourceTree tree) throws IOException, ReleaseFailure {
        final Path stage = work.resolve(name);
        ReleaseProgress.delete(stage);
        final Path jar = home.resolve("relay/target/penstock-all.jar");
        copy(jar, stage.resolve("penstock-all.jar"));
        copy(home.resolve("relay/plugin-api/target/" + PLUGIN_API), stage.resolve(PLUGIN_API));
        for (final String each : TOP) {
            copy(home.resolve(each), stage.resolve(each));
        }
        for (final String each : tree.files("config", "relay/docs")) {
            if (!each.equals("config/checkstyle.xml")) {
                copy(home.resolve(each), stage.resolve(each));
            }
        }
        for (final String each : tree.files(LICENCES)) {
            copy(home.resolve(each), stage.resolve("licenses").resolve(Path.of(each).getFileName()));
        }
        commands.pipe(archive(), List.of(
            List.of("tar", "-C", work.toString(), "--sort=name", "--mtime=@" + tree.commitTime(), "--owner=0",
                "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX", "--format=gnu", "-cf", "-", name),
            List.of("gzip", "-n", "-9")));
        Files.copy(jar, work.resolve(name + ".jar"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(work.resolve(CHECKSUMS), checksum(name + ".tar.gz") + checksum(name + ".jar"));
        ReleaseProgress.delete(stage);
    }

    /** Unpacks the archive elsewhere, and fails unless its relay starts from there. */
    public void tryOut(final ReleaseVersion version) throws IOException, ReleaseFailure {
        final Path folder = Files.createTempDirectory("penstock-release");
        try {
            commands.run("unpack.log", List.of("tar", "-C", folder.toString(), "-xzf", archive().toString()));
            final String relay = folder.resolve(name).resolve("scripts/relay").toString();
            final String shown = commands.output(List.of(relay, "--version"));
            if (shown == null || !shown.contains(version.text())) {
                throw failure("scripts/relay --version prints '" + shown + "', not " + version);
            }
            final Path config = Files.writeString(folder.resolve("feed.conf"),
                "feed { name = try, venue = json, url = \"ws://localhost:9100/\" }\n");
            commands.run("check.log", List.of(relay, "check", "-c", config.toString()));
            if (Files.exists(folder.resolve(name).resolve("relay/target"))) {
                throw failure("scripts/relay tried to build in the unpacked folder");
            }
        } finally {
            ReleaseProgress.delete(folder);
        }
    }

    private ReleaseFailure failure(final String why) {
        return new ReleaseFailure(archive().getFileName() + ": " + why);
    }

    private String checksum(final String file) throws IOException {
        try {
            final byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(work.resolve(file)));
            return HexFormat.of().formatHex(digest) + "  " + file + "\n";
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void copy(final Path from, final Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }
}
