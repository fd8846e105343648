package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;

/**
 * All requests in tiny slices, while values change and topics come and go between them: what a request asks for holds
 * from its answer on and not before, the ledger is exact in all modes and views, and sessions that end between two
 * slices leave nothing behind. The rights of the client change between any two slices, too: nothing of what it may not
 * see comes from then on, and everything that it may see and asked for comes back. {@code -Dpenstock.model.slices=N}
 * runs more rounds.
 */
class SlicedRequestModelTest {
    private static final int ROUNDS = Integer.getInteger("penstock.model.slices", 30);

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldKeepTheLedgerExactWhileRequestsAreWorkedOnInSlices() {
        int sliced = 0;
        int resumed = 0;
        int forgotten = 0;
        int denied = 0;
        for (final long seed : seeds.rounds(ROUNDS)) {
            final SlicedRequestRound round = new SlicedRequestRound(seed);
            round.run();
            sliced += round.slices;
            resumed += round.resumed;
            forgotten += round.forgotten;
            denied += round.rights.denials();
        }
        assertThat(sliced).as("slices").isGreaterThan(ROUNDS * 16);
        assertThat(resumed).as("resumed").isPositive();
        assertThat(forgotten).as("forgotten").isPositive();
        assertThat(denied).as("denied").isPositive();
    }
}
