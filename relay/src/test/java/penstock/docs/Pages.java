package penstock.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The pages of the repository, for tests that compare them with the code. Stateless. */
public final class Pages {
    private static final Path ROOT = Files.isDirectory(Path.of("docs")) ? Path.of("..") : Path.of("");
    private static final String NOT_ESCAPED_BAR = "(?<!\\\\)\\|";

    private Pages() {
    }

    /** A path from the top of the repository. */
    public static Path path(final String fromTop) {
        return ROOT.resolve(fromTop);
    }

    /** All pages for people, results of releases aside. */
    public static List<Path> all() {
        final List<Path> pages =
            new ArrayList<>(List.of(path("README.md"), path("CHANGELOG.md"), path("bench/README.md"),
                path("relay/clients/js/README.md")));
        try (Stream<Path> files = Files.walk(path("relay/docs"))) {
            files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return pages;
    }

    /** The text of a page; the path is from the top of the repository. */
    public static String text(final String fromTop) {
        return text(path(fromTop));
    }

    static String text(final Path page) {
        try {
            return Files.readString(page);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The part under a heading, up to the next heading of its level or a higher one. */
    public static String section(final String page, final String heading) {
        final List<String> lines = page.lines().toList();
        final int from = lines.indexOf(heading);
        if (from < 0) {
            throw new IllegalArgumentException("no heading '" + heading + "'");
        }
        final int level = heading.indexOf(' ');
        int to = from + 1;
        while (to < lines.size() && !lines.get(to).matches("#{1," + level + "} .*")) {
            to++;
        }
        return String.join("\n", lines.subList(from + 1, to));
    }

    /** The rows of all tables with this head row, cell by cell, without their head. */
    public static List<List<String>> rows(final String text, final String head) {
        final List<List<String>> rows = new ArrayList<>();
        boolean isInside = false;
        for (final String line : text.lines().toList()) {
            if (line.startsWith("|") && isInside && !line.startsWith("|---")) {
                rows.add(cells(line));
            }
            isInside = line.equals(head) || isInside && line.startsWith("|");
        }
        return rows;
    }

    /** A cell without its code marks. */
    static String plain(final String cell) {
        return cell.replace("`", "").replace("\\|", "|");
    }

    private static List<String> cells(final String line) {
        return Arrays.stream(line.substring(1).split(NOT_ESCAPED_BAR)).map(String::strip).toList();
    }
}
