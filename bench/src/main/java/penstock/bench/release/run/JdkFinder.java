package penstock.bench.release.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the JDKs that a release is built and tested with. Stateless. */
public final class JdkFinder {
    private static final Pattern RELEASE = Pattern.compile("java\\.specification\\.version = (\\S+)");

    private final CommandRunner commands;
    private final Path installed;

    /** {@code installed}: the folder of installed JDKs. */
    public JdkFinder(final CommandRunner commands, final Path installed) {
        this.commands = commands;
        this.installed = installed;
    }

    /** The home of a JDK of this release: the given one, else the first that is installed. */
    public Path find(final int release, final Path given) throws IOException, ReleaseFailure {
        final String remedy = "name one by --jdk" + release + " HOME";
        final Path home = given == null ? installed(release) : given;
        if (home == null) {
            throw new ReleaseFailure("no JDK " + release + " found under " + installed + "; install one, or " + remedy
                + " or JAVA_HOME_" + release);
        }
        if (!isJdk(home)) {
            throw new ReleaseFailure(home + " is no JDK: it has no bin/javac; " + remedy);
        }
        if (!releaseOf(home).equals(Integer.toString(release))) {
            throw new ReleaseFailure(home + " is not a JDK " + release + " but " + releaseOf(home) + "; " + remedy);
        }
        return home;
    }

    private Path installed(final int release) throws IOException {
        if (!Files.isDirectory(installed)) {
            return null;
        }
        try (Stream<Path> homes = Files.list(installed)) {
            for (final Path home : homes.sorted().toList()) {
                if (isJdk(home) && releaseOf(home).equals(Integer.toString(release))) {
                    return home;
                }
            }
        }
        return null;
    }

    private static boolean isJdk(final Path home) {
        return Files.isExecutable(home.resolve("bin/javac"));
    }

    private String releaseOf(final Path home) throws IOException {
        final String text = commands.output(List.of(home.resolve("bin/java").toString(),
            "-XshowSettings:properties", "-version"));
        final Matcher release = RELEASE.matcher(text == null ? "" : text);
        return release.find() ? release.group(1) : "unknown";
    }
}
