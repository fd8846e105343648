package penstock.bench.release;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Names of figures that changed between releases, so that results of an earlier one stay comparable. Lines of
 * {@code renamed-figures.txt}: the old name, {@code ->}, the new one. Stateless.
 */
final class FigureNames {
    private static final String FILE = "renamed-figures.txt";
    private static final String ARROW = " -> ";
    private static final List<String[]> RENAMED = read();

    private FigureNames() {
    }

    /** The name that a figure has today. */
    static String current(final String name) {
        String current = name;
        for (final String[] oldAndNew : RENAMED) {
            current = current.replace(oldAndNew[0], oldAndNew[1]);
        }
        return current;
    }

    private static List<String[]> read() {
        try (InputStream in = FigureNames.class.getResourceAsStream(FILE);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines().filter(line -> line.contains(ARROW)).map(line -> line.split(ARROW, 2)).toList();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
