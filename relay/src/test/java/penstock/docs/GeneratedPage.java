package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A page with tables that the code says. With {@code -Dpenstock.pages.write=true} a check writes them instead.
 * Immutable.
 *
 * @param path from the top of the repository
 * @param end  the line behind each table
 */
record GeneratedPage(String path, String end) {
    /** The page as it is. */
    String written() {
        return Pages.text(path);
    }

    /**
     * The tables are what the code says.
     *
     * @param test  the class that writes them
     * @param table what stands between a line and the next {@link #end}; null if no table begins with the line
     */
    void check(final String test, final Function<String, List<String>> table) {
        final String written = written();
        final String generated = generated(written, table);
        if (Boolean.getBoolean("penstock.pages.write")) {
            write(generated);
        } else {
            assertThat(written).as("the tables of " + path + " are not what the code says; write them again: "
                + "mvn -q -B -pl relay test -Dtest=" + test + " -Dpenstock.pages.write=true").isEqualTo(generated);
        }
    }

    private String generated(final String written, final Function<String, List<String>> table) {
        final List<String> lines = new ArrayList<>();
        boolean isInTable = false;
        for (final String line : written.lines().toList()) {
            isInTable &= !line.equals(end);
            if (!isInTable) {
                lines.add(line);
            }
            final List<String> rows = table.apply(line);
            if (rows != null) {
                isInTable = true;
                lines.addAll(rows);
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private void write(final String text) {
        try {
            Files.writeString(Pages.path(path), text);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
