package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * All channels and modes against a reference: terms change at random in flight, clients go away at any byte and come
 * back, to the same shard or to another one, with what they remember. After every message each subscription's view
 * equals the reference's at that sequence, its ledger is exact, and nothing up to its position is missing but what gaps
 * counted. {@code -Dpenstock.model.rounds=N} runs more of them, {@code -Dpenstock.model.seed=S} one again.
 */
@Tag("slow")
class ReferenceModelTest {
    private static final int ROUNDS = Integer.getInteger("penstock.model.rounds", 400);
    private static final long SEED = Long.getLong("penstock.model.seed", 0);

    @Test
    void shouldKeepTheLedgerExactWhileRequestsChangeInFlight() {
        long resumed = 0;
        long refused = 0;
        long gaps = 0;
        long once = 0;
        for (long seed = SEED > 0 ? SEED : 1; seed <= (SEED > 0 ? SEED : ROUNDS); seed++) {
            final ReferenceRun round = new ReferenceRun(seed);
            try {
                round.run();
            } catch (final AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + " step " + round.step + ": " + e.getMessage(), e);
            }
            resumed += round.resumed();
            refused += round.refused();
            gaps += round.gaps();
            once += round.ended();
        }
        if (SEED == 0) {
            assertThat(resumed).as("resumed").isPositive();
            assertThat(refused).as("not resumed").isPositive();
            assertThat(gaps).as("gaps").isPositive();
            assertThat(once).as("once").isPositive();
        }
    }
}
