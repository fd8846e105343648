package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import penstock.docs.Pages;

/** The package table of the architecture page is the table that {@link LayeringTest} enforces. */
class PackageTableTest {
    @Test
    void shouldBeTheTableThatIsEnforced() {
        final Map<String, Set<String>> page = new TreeMap<>();
        Pages.rows(Pages.text("relay/docs/architecture.md"), "| package | owns | thread | may know |").stream()
            .filter(row -> !row.get(0).equals("*(root)*"))
            .forEach(row -> page.put(row.get(0).replace("`", ""), names(row.get(3))));

        assertThat(page).isEqualTo(new TreeMap<>(LayeringTest.MAY_KNOW));
    }

    private static Set<String> names(final String cell) {
        return Arrays.stream(cell.replace("`", "").split("\\s+")).filter(name -> !name.equals("–"))
            .collect(Collectors.toCollection(TreeSet::new));
    }
}
