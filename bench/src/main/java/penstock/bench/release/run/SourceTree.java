package penstock.bench.release.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The checked-out project: its commit, its changes, and the version in its poms. Owned by the main thread. */
public final class SourceTree implements AutoCloseable {
    private static final String VERSIONS_PLUGIN = "org.codehaus.mojo:versions-maven-plugin:2.18.0";
    private static final Pattern VERSION = Pattern.compile("(?m)^  <version>(.*)</version>$");

    private final Path home;
    private final CommandRunner commands;
    private boolean restoresPoms;
    private boolean hasSetVersion;

    public SourceTree(final Path home, final CommandRunner commands) {
        this.home = home;
        this.commands = commands;
    }

    /** Abbreviated id of the commit. */
    public String commit() throws IOException, ReleaseFailure {
        return git("rev-parse", "--short=12", "HEAD").strip();
    }

    /**
     * Changes that are not committed, one a line. {@code measuredBefore}: what an earlier run for this version wrote is
     * no change; else null.
     */
    public String changes(final ReleaseVersion measuredBefore) throws IOException, ReleaseFailure {
        final String all = git("status", "--porcelain").stripTrailing();
        if (measuredBefore == null) {
            return all;
        }
        final Pattern written = Pattern.compile(".. (bench/results/(" + Pattern.quote(measuredBefore.text())
            + "/.*)?|CHANGELOG\\.md|(.*/)?pom\\.xml)");
        return all.lines().filter(line -> !written.matcher(line).matches()).collect(Collectors.joining("\n"));
    }

    /** The version in the poms. */
    public String version() throws IOException, ReleaseFailure {
        final Matcher version = VERSION.matcher(Files.readString(home.resolve("pom.xml")));
        if (!version.find()) {
            throw new ReleaseFailure("pom.xml has no version");
        }
        return version.group(1);
    }

    /** Sets the version in the poms, until {@link #close} unless {@link #keepVersion} comes first. */
    public void setVersion(final ReleaseVersion version, final String maven) throws IOException, ReleaseFailure {
        restoresPoms = true;
        hasSetVersion = true;
        commands.run("versions.log", List.of(maven, "-B", VERSIONS_PLUGIN + ":set", "-DnewVersion=" + version,
            "-DgenerateBackupPoms=false", "-DprocessAllModules=true"));
    }

    /** True if this run has changed the version in the poms. */
    public boolean hasSetVersion() {
        return hasSetVersion;
    }

    /** The poms are part of the release from here on. */
    public void keepVersion() {
        restoresPoms = false;
    }

    @Override
    public void close() throws IOException {
        if (restoresPoms) {
            commands.output(List.of("git", "checkout", "-q", "--", "*pom.xml"));
            System.err.println("the poms have their version back");
        }
    }

    private String git(final String... arguments) throws IOException, ReleaseFailure {
        final List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        final String text = commands.output(command);
        if (text == null) {
            throw new ReleaseFailure("'" + String.join(" ", command) + "' failed in " + home);
        }
        return text;
    }
}
