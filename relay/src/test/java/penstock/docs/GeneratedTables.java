package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import penstock.config.KeyTable;

/**
 * The tables of keys in a page, between <code>&lt;!-- keys of PATH --&gt;</code> and <code>&lt;!-- end of keys
 * --&gt;</code>. Owned by the test.
 */
final class GeneratedTables {
    private static final String BEGIN = "<!-- keys of ";
    private static final String END = "<!-- end of keys -->";
    private static final List<String> HEAD = List.of("| key | type | default | meaning |", "|---|---|---|---|");

    private final GeneratedPage page;
    private final Map<String, List<String>> tables = new LinkedHashMap<>();

    /** The path is from the top of the repository. */
    GeneratedTables(final String page) {
        this.page = new GeneratedPage(page, END);
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
        assertThat(page.written().lines().filter(line -> line.startsWith(BEGIN)))
            .as("the marks of tables in " + page.path() + "; each has " + END + " in a line of its own below it")
            .containsExactlyInAnyOrderElementsOf(tables.keySet().stream().map(GeneratedTables::mark).toList());
        page.check(test, this::table);
    }

    private List<String> table(final String line) {
        if (!line.startsWith(BEGIN)) {
            return null;
        }
        final List<String> rows = new ArrayList<>(HEAD);
        rows.addAll(tables.get(line.substring(BEGIN.length(), line.length() - " -->".length())));
        return rows;
    }

    private static String mark(final String path) {
        return BEGIN + path + " -->";
    }

    private static String escaped(final String cell) {
        return cell.replace("|", "\\|");
    }
}
