package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.config.KeyTable;

/**
 * The tables of keys in a page, between <code>&lt;!-- keys of PATH --&gt;</code> and <code>&lt;!-- end of keys
 * --&gt;</code>. With {@code -Dpenstock.pages.write=true} a check writes them instead. Owned by the test.
 */
final class GeneratedTables {
    private static final String BEGIN = "<!-- keys of ";
    private static final String END = "<!-- end of keys -->";
    private static final List<String> HEAD = List.of("| key | type | default | meaning |", "|---|---|---|---|");

    private final String page;
    private final Map<String, List<String>> tables = new LinkedHashMap<>();

    /** The path is from the top of the repository. */
    GeneratedTables(final String page) {
        this.page = page;
    }

    /** Adds keys to the table of their object. */
    void add(final KeyTable keys) {
        final List<String> rows =
            tables.computeIfAbsent(keys.path().isEmpty() ? "the top level" : keys.path(), path -> new ArrayList<>());
        keys.rows().forEach(row -> rows.add("| `" + row.key() + "` | " + escaped(row.type()) + " | "
            + escaped(row.orElse()) + " | " + escaped(row.meaning()) + " |"));
    }

    /** The page has these tables, each once, and no others; {@code test}: the class that writes them. */
    void check(final String test) {
        final String written = Pages.text(page);
        assertThat(written.lines().filter(line -> line.startsWith(BEGIN)))
            .as("the marks of tables in " + page + "; each has " + END + " in a line of its own below it")
            .containsExactlyInAnyOrderElementsOf(tables.keySet().stream().map(GeneratedTables::mark).toList());
        final String generated = generated(written);
        if (Boolean.getBoolean("penstock.pages.write")) {
            write(generated);
        } else {
            assertThat(written).as("the tables of " + page + " are not what the readers declare; write them again: "
                + "mvn -q -B -pl relay test -Dtest=" + test + " -Dpenstock.pages.write=true").isEqualTo(generated);
        }
    }

    private String generated(final String written) {
        final List<String> lines = new ArrayList<>();
        boolean isInTable = false;
        for (final String line : written.lines().toList()) {
            isInTable &= !line.equals(END);
            if (!isInTable) {
                lines.add(line);
            }
            if (line.startsWith(BEGIN)) {
                isInTable = true;
                lines.addAll(HEAD);
                lines.addAll(tables.get(line.substring(BEGIN.length(), line.length() - " -->".length())));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private void write(final String text) {
        try {
            Files.writeString(Pages.path(page), text);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String mark(final String path) {
        return BEGIN + path + " -->";
    }

    private static String escaped(final String cell) {
        return cell.replace("|", "\\|");
    }
}
