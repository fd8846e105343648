package penstock.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;

/**
 * The relay in virtual time with faults on every side: no invariant is broken. {@code scripts/simulate SEED} repeats a
 * run, {@code -Dpenstock.oracle.updates=N} and {@code scripts/simulate --updates N} run more of them.
 */
@Tag("slow")
class SimulationTest {
    private static final long UPDATES = Long.getLong("penstock.oracle.updates", 200_000);
    private static final int MOST_ROUNDS = 1_000_000;
    /** A million updates come with 980 lost upstream and 1,700 lost client connections. */
    private static final long UPDATES_PER_UPSTREAM_LOSS = 20_000;
    private static final long UPDATES_PER_CLIENT_LOSS = 2_000;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @BeforeAll
    static void quieten() {
        if (!Seeds.isGiven()) {
            Simulations.quieten(Level.OFF);
        }
    }

    @AfterAll
    static void resume() {
        Simulations.quieten(null);
    }

    @Test
    void shouldBreakNoInvariantWhateverFails() {
        final Simulations all = new Simulations();
        for (final long seed : seeds.rounds(MOST_ROUNDS)) {
            assertThat(all.run(seed)).isNull();
            if (all.updates() >= UPDATES) {
                break;
            }
        }
        assertThat(all.upstreamLosses()).as("%s", all).isGreaterThan(UPDATES / UPDATES_PER_UPSTREAM_LOSS);
        assertThat(all.clientLosses()).as("%s", all).isGreaterThan(UPDATES / UPDATES_PER_CLIENT_LOSS);
        assertThat(all.gaps()).as("%s", all).isPositive();
    }
}
