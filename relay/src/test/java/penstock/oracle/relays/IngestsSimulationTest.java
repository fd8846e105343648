package penstock.oracle.relays;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;

/**
 * Ingests that share a lease and a venue, edges and clients in virtual time: no invariant is broken. {@code
 * scripts/simulate --relays SEED} repeats a schedule, {@code -Dpenstock.schedules=N} and {@code scripts/simulate
 * --schedules N} run more of them.
 */
@Tag("slow")
class IngestsSimulationTest {
    private static final int SCHEDULES = Integer.getInteger("penstock.schedules", 60);

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @BeforeAll
    static void quieten() {
        if (!Seeds.isGiven()) {
            RelaySimulations.quieten(Level.OFF);
        }
    }

    @AfterAll
    static void resume() {
        RelaySimulations.quieten(null);
    }

    @Test
    void shouldBreakNoInvariantWhateverFails() {
        final RelaySimulations all = new RelaySimulations();
        for (final long seed : seeds.rounds(SCHEDULES)) {
            assertThat(all.run(seed)).isNull();
        }
        System.out.println("no breach: " + all);
        assertThat(all.connects()).as("%s", all).isGreaterThan(2 * SCHEDULES);
        assertThat(all.resumedElsewhere()).as("%s", all).isPositive();
    }
}
