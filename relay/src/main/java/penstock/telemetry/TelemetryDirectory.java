package penstock.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where relays keep their telemetry files: a directory per relay, below one directory per user that no other user can
 * enter. Stateless.
 */
public final class TelemetryDirectory {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final int MAX_NUMBER = 99;

    private TelemetryDirectory() {
    }

    /** The directory of a relay that is not given one: {@code penstock-USER/PORT} in shared memory, else in temp. */
    public static Path ofPort(final int port) {
        return ofUser().resolve(Integer.toString(port));
    }

    /**
     * The directory of the relay that is meant if none is named: the only one, or the only one whose relay runs.
     *
     * @param configured what relays of this environment have as {@code telemetry.dir}, so that only it and its numbered
     *                   siblings count; null or empty = those of this user
     * @throws IOException if there is none, or several; the message has a remedy
     */
    public static Path only(final String configured) throws IOException {
        final boolean isConfigured = configured != null && !configured.isEmpty();
        final Path wanted = isConfigured ? Path.of(configured).toAbsolutePath() : null;
        final List<Path> all = isConfigured ? in(wanted.getParent(), path -> isSibling(wanted, path))
            : in(ofUser(), path -> true);
        final List<Path> running = all.stream().filter(path -> state(path).equals("running")).toList();
        if (all.size() == 1 || running.size() == 1) {
            return running.size() == 1 ? running.get(0) : all.get(0);
        }
        if (all.isEmpty()) {
            throw new IOException("no relay of this user found in " + (isConfigured ? wanted : ofUser())
                + "; start one, or name the directory that the relay logs at its start");
        }
        final StringBuilder message = new StringBuilder("several relays found; name the directory of one:");
        all.forEach(path -> message.append("\n  ").append(path).append("  ").append(state(path)));
        throw new IOException(message.toString());
    }

    private static List<Path> in(final Path directory, final Predicate<Path> isMeant) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(path -> isMeant.test(path) && Files.exists(path.resolve(TelemetryFile.NAME)))
                .sorted().toList();
        } catch (final IOException none) {
            return List.of();
        }
    }

    /** {@link #claim} appends a number while another relay has the directory. */
    private static boolean isSibling(final Path wanted, final Path path) {
        return path.getFileName().toString().matches(Pattern.quote(wanted.getFileName().toString()) + "(-[0-9]{1,2})?");
    }

    private static String state(final Path directory) {
        try {
            return TelemetryReader.open(directory).state(System.currentTimeMillis());
        } catch (final IOException e) {
            return "unreadable: " + e.getMessage();
        }
    }

    /** The directory that holds those of this user's relays. */
    public static Path ofUser() {
        final Path base = Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY
            : Path.of(System.getProperty("java.io.tmpdir"));
        return base.resolve("penstock-" + System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_"));
    }

    /**
     * Creates the wanted directory, or takes it over if its relay is dead. If its relay lives, {@code -2}, {@code -3} …
     * is appended. One thread at a time: two relays of one process must not take over the same directory.
     *
     * @throws IOException if no directory can be created
     */
    static synchronized Path claim(final Path wanted) throws IOException {
        if (wanted.startsWith(ofUser())) {
            createPrivate(ofUser());
        }
        for (int number = 1; number <= MAX_NUMBER; number++) {
            final Path candidate = number == 1 ? wanted : wanted.resolveSibling(wanted.getFileName() + "-" + number);
            Files.createDirectories(candidate);
            if (!isInUse(candidate)) {
                Files.deleteIfExists(candidate.resolve(TelemetryFile.NAME));
                return candidate;
            }
        }
        throw new IOException(MAX_NUMBER + " running relays use " + wanted + " and its numbered siblings");
    }

    private static boolean isInUse(final Path directory) {
        try {
            return TelemetryReader.open(directory).isInUse(System.currentTimeMillis());
        } catch (final IOException unreadable) {
            return false;
        }
    }

    /** Setting the permissions fails if the directory belongs to another user, who could truncate a mapped file. */
    private static void createPrivate(final Path directory) throws IOException {
        Files.createDirectories(directory);
        final PosixFileAttributeView posix = Files.getFileAttributeView(directory, PosixFileAttributeView.class);
        if (posix != null) {
            posix.setPermissions(PosixFilePermissions.fromString("rwx------"));
        }
    }
}
