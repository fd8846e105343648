package penstock.faults;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lease with relays, a venue and three members of etcd as processes. */
class LeaseFaultsTest {
    @ParameterizedTest
    @ValueSource(strings = {"lease-killed", "lease-handed-over", "lease-leader", "lease-quorum"})
    @Tag("slow")
    @Tag("gate")
    @Tag("alone")
    @Timeout(240)
    void shouldReachItsFiguresInAShortRun(final String name) throws Exception {
        final Figures figures = new Figures();
        FaultsCommand.SCENARIOS.get(name).run(new FaultOptions(1, 1, 1, 1, 1), figures);
        assertThat(figures.missed()).as("figures missed: the output has them").isZero();
    }
}
