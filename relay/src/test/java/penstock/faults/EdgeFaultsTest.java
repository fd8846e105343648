package penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.testkit.Seeds;

/** Edges that stand still or are killed, with fewer sessions and updates; speeds are not judged. */
class EdgeFaultsTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @ParameterizedTest
    @CsvSource({"edge-stopped, 4, 10000", "edges-killed, 60, 1000"})
    @Tag("slow")
    @Tag("gate")
    @Tag("alone")
    @Timeout(240)
    void shouldLoseNothingInAShortRun(final String name, final int sessions, final int perSecond) throws Exception {
        final Figures figures = new Figures(false);
        FaultsCommand.SCENARIOS.get(name).run(new FaultOptions(1, sessions, perSecond, 1, seeds.fresh()),
            figures);
        assertThat(figures.missed()).as("figures missed: the output has them").isZero();
    }
}
