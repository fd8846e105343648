package penstock.recording;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of messages that a relay has recorded, and the file of their receive times beside it: {@code
 * FEED-20261201T093000.000Z.jsonl.gz} and {@code FEED-20261201T093000.000Z.rx.gz}, named by the time at which they
 * begin. Immutable.
 *
 * @param messages the file of messages
 * @param feed     the name of the feed, as {@link #feedName} gives it
 * @param fromNs   when it begins, ns since 1970
 */
public record RecordingFiles(Path messages, String feed, long fromNs) {
    /** The end of the name of a file of messages. */
    public static final String MESSAGES = ".jsonl.gz";
    /** The end of the name of a file of receive times. */
    public static final String TIMES = ".rx.gz";

    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile("(.+)-([0-9]{8}T[0-9]{6}\\.[0-9]{3}Z)\\.jsonl\\.gz");

    /** Those that a relay begins now. */
    public static RecordingFiles named(final Path directory, final String feed, final long nowNs) {
        return new RecordingFiles(directory.resolve(feed + "-" + TIME.format(Instant.ofEpochSecond(0, nowNs))
            + MESSAGES), feed, nowNs / 1_000_000 * 1_000_000);
    }

    /** The name of a feed in names of files: {@code _} for what is no letter, digit, dot, {@code _} or {@code -}. */
    public static String feedName(final String feed) {
        return feed.replaceAll("[^A-Za-z0-9._-]", "_");
    }

    /**
     * All of a directory, the oldest first.
     *
     * @param feed of this feed alone; null = of all
     */
    public static List<RecordingFiles> in(final Path directory, final String feed) throws IOException {
        final List<RecordingFiles> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + MESSAGES)) {
            for (final Path file : files) {
                final RecordingFiles each = of(file);
                if (each != null && (feed == null || each.feed.equals(feed))) {
                    found.add(each);
                }
            }
        }
        found.sort(Comparator.comparingLong(RecordingFiles::fromNs).thenComparing(RecordingFiles::messages));
        return found;
    }

    /** The file of receive times. */
    public Path times() {
        final String name = messages.getFileName().toString();
        return messages.resolveSibling(name.substring(0, name.length() - MESSAGES.length()) + TIMES);
    }

    /** Null if it has no name of a file of a relay. */
    static RecordingFiles of(final Path file) {
        final Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        if (!name.matches()) {
            return null;
        }
        try {
            final Instant from = TIME.parse(name.group(2), Instant::from);
            return new RecordingFiles(file, name.group(1),
                from.getEpochSecond() * 1_000_000_000 + from.getNano());
        } catch (final DateTimeParseException noTime) {
            return null;
        }
    }
}
