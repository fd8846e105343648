package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;

/**
 * All channels and modes against a reference: terms change at random in flight, clients go away at any byte and come
 * back, to the same shard or to another one, with what they remember. After every message each subscription's view
 * equals the reference's at that sequence, its ledger is exact, nothing up to its position is missing but what gaps
 * counted, and nothing is shown as live that the relay knows is not. {@code -Dpenstock.model.rounds=N} runs more.
 */
@Tag("slow")
class ReferenceModelTest {
    private static final int ROUNDS = Integer.getInteger("penstock.model.rounds", 300);
    private static final int WIDE_EVERY = 150;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldKeepTheLedgerExactWhileRequestsChangeInFlight() {
        long resumed = 0;
        long refused = 0;
        long gaps = 0;
        long once = 0;
        for (final long seed : seeds.rounds(ROUNDS)) {
            final ReferenceRun round = new ReferenceRun(seed, seed % WIDE_EVERY == 0);
            round.run();
            resumed += round.resumed();
            refused += round.refused();
            gaps += round.gaps();
            once += round.ended();
        }
        if (ROUNDS >= 100) {
            assertThat(resumed).as("resumed").isPositive();
            assertThat(refused).as("not resumed").isPositive();
            assertThat(gaps).as("gaps").isPositive();
            assertThat(once).as("once").isPositive();
        }
    }
}
