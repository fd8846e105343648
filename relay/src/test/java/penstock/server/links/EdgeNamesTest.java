package penstock.server.links;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of edges come from outside, and metrics do not grow by them. */
class EdgeNamesTest {
    private final List<String> begun = new ArrayList<>();
    private final EdgeNames names = new EdgeNames(begun::add);

    @Test
    void shouldKeepTheNameOfAMachineOverItsStarts() {
        assertThat(names.of("edge-1~5e2a90c4")).isEqualTo("edge-1");
        assertThat(names.of("edge-1~0f51a7de")).isEqualTo("edge-1");
        assertThat(names.of("edge~1")).isEqualTo("edge~1");
        assertThat(begun).containsExactly("edge-1", "edge~1");
    }

    @Test
    void shouldGiveOneNameToAllBeyondTheFirst() {
        for (int i = 0; i < 10 * EdgeNames.MAX; i++) {
            assertThat(names.of("edge-" + i)).isEqualTo(i < EdgeNames.MAX ? "edge-" + i : EdgeNames.OTHERS);
        }
        assertThat(names.of("edge-3")).isEqualTo("edge-3");
        assertThat(begun).hasSize(EdgeNames.MAX + 1).endsWith(EdgeNames.OTHERS);
    }
}
