package penstock.venue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Recorded feeds: those in the folder of system property {@code penstock.feeds}, else those in {@code ../shared/feeds},
 * else the small ones of the test resources, which are made up in each venue's format.
 */
public final class Recordings {
    private static final String SUFFIX = ".jsonl.gz";

    private Recordings() {
    }

    /** The frames of one recording. */
    public static List<byte[]> frames(final String name) {
        return lines(file(name));
    }

    /** All recordings of received frames. */
    public static List<Path> all() {
        try (Stream<Path> files = Files.walk(folder())) {
            return files.filter(file -> file.toString().endsWith(SUFFIX) && !file.toString().endsWith(".tx" + SUFFIX))
                .sorted().toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of a recording. */
    public static Path file(final String name) {
        return folder().resolve(name + SUFFIX);
    }

    /** The lines of a compressed file. */
    public static List<byte[]> lines(final Path file) {
        final List<byte[]> lines = new ArrayList<>();
        try (InputStream in = new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file)))) {
            final byte[] all = in.readAllBytes();
            int from = 0;
            for (int i = 0; i < all.length; i++) {
                if (all[i] == '\n') {
                    lines.add(Arrays.copyOfRange(all, from, i));
                    from = i + 1;
                }
            }
            return lines;
        } catch (final IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    /** One frame as text. */
    public static String text(final byte[] frame) {
        return new String(frame, StandardCharsets.UTF_8);
    }

    private static Path folder() {
        final String given = System.getProperty("penstock.feeds");
        if (given != null) {
            return Path.of(given);
        }
        Path root = Path.of("").toAbsolutePath();
        while (root.getParent() != null && !Files.isRegularFile(root.resolve("relay/pom.xml"))) {
            root = root.getParent();
        }
        final Path beside = root.resolve("../shared/feeds").normalize();
        return Files.isDirectory(beside) ? beside : root.resolve("relay/src/test/resources/recordings");
    }
}
