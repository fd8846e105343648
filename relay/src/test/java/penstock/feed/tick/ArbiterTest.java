package penstock.feed.tick;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import penstock.ring.UpdateKind;
import penstock.venue.SequenceTracker;

/** Which of two arrivals of an update counts. */
class ArbiterTest {
    private final Arbiter arbiter = new Arbiter();

    @Test
    void shouldAcceptEachNumberOnceInAnyOrderOfTwoConnections() {
        for (int seed = 0; seed < 200; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            final Arbiter both = new Arbiter();
            final List<Long> accepted = new ArrayList<>();
            final long[] sent = new long[2];
            while (sent[0] < 100 || sent[1] < 100) {
                final int line = sent[0] == 100 ? 1 : sent[1] == 100 ? 0 : random.nextInt(2);
                if (both.acceptsOfTwo(3, ++sent[line], line == 0)) {
                    accepted.add(sent[line]);
                }
            }
            final List<Long> all = new ArrayList<>();
            for (long number = 1; number <= 100; number++) {
                all.add(number);
            }
            assertThat(accepted).as("seed %d", seed).isEqualTo(all);
        }
    }

    @Test
    void shouldAcceptUnnumberedUpdatesFromTheLeadingConnectionOnly() {
        assertThat(arbiter.acceptsOfTwo(0, SequenceTracker.NONE, true)).isTrue();
        assertThat(arbiter.acceptsOfTwo(0, SequenceTracker.NONE, false)).isFalse();
    }

    @Test
    void shouldRejectOlderUpdatesOfALaggingConnection() {
        arbiter.onUpdate(0, 100);
        assertThat(arbiter.acceptsOfYoung(0, UpdateKind.FULL, 99)).isFalse();
        assertThat(arbiter.acceptsOfYoung(0, UpdateKind.FULL, 100)).isTrue();
        assertThat(arbiter.acceptsOfYoung(0, UpdateKind.FULL, 101)).isTrue();
    }

    @Test
    void shouldAcceptAnOlderSnapshotOfAYoungConnection() {
        arbiter.onUpdate(0, 100);
        assertThat(arbiter.acceptsOfYoung(0, UpdateKind.SNAPSHOT, 90)).isTrue();
        assertThat(arbiter.acceptsOfYoung(0, UpdateKind.DELTA, 91)).isTrue();
    }

    @Test
    void shouldNoticeThatTheVenueRestartsItsNumbering() {
        arbiter.onUpdate(0, 1_000_000);
        int dropped = 0;
        while (!arbiter.acceptsOfTwo(0, dropped + 1, true)) {
            dropped++;
        }
        assertThat(dropped).isEqualTo(1_000);
    }

    @Test
    void shouldAcceptAnyNumberAfterAGap() {
        arbiter.onUpdate(100, 50);
        arbiter.forget(100);
        assertThat(arbiter.acceptsOfTwo(100, 50, false)).isTrue();
    }
}
