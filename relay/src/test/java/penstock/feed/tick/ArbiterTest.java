package penstock.feed.tick;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.ring.UpdateKind;
import penstock.testkit.Seeds;
import penstock.venue.SequenceTracker.Verdict;

/** Which of two arrivals of an update counts. */
class ArbiterTest {
    private static final long OLD = 406_241_930;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final Arbiter arbiter = new Arbiter();
    private final ConnectionState[] states = {new ConnectionState(), new ConnectionState()};

    @BeforeEach
    void open() {
        goLive(0, 1_000);
        goLive(1, 1_000);
    }

    @Test
    void shouldAcceptEachNumberOnceInAnyOrderOfTwoConnections() {
        for (final long seed : seeds.rounds(200)) {
            final SplittableRandom random = new SplittableRandom(seed);
            final Arbiter both = new Arbiter();
            final List<Long> accepted = new ArrayList<>();
            final long[] sent = new long[2];
            while (sent[0] < 100 || sent[1] < 100) {
                final int line = sent[0] == 100 ? 1 : sent[1] == 100 ? 0 : random.nextInt(2);
                if (both.acceptsOfTwo(3, ++sent[line], Verdict.NEXT, states[line], states[1 - line])) {
                    both.onAccepted(3, 0, 2_000);
                    accepted.add(sent[line]);
                }
            }
            final List<Long> all = new ArrayList<>();
            for (long number = 1; number <= 100; number++) {
                all.add(number);
            }
            assertThat(accepted).isEqualTo(all);
        }
    }

    @Test
    void shouldRejectOlderUpdatesOfALaggingConnection() {
        arbiter.onUpdate(0, 100);
        assertThat(arbiter.acceptsOfYoung(0, UpdateKind.FULL, 99, true)).isFalse();
        assertThat(arbiter.acceptsOfYoung(0, UpdateKind.FULL, 100, true)).isTrue();
        assertThat(arbiter.acceptsOfYoung(0, UpdateKind.FULL, 101, true)).isTrue();
    }

    @Test
    void shouldAcceptAnOlderSnapshotOfAYoungConnection() {
        arbiter.onUpdate(0, 100);
        assertThat(arbiter.acceptsOfYoung(0, UpdateKind.SNAPSHOT, 90, true)).isTrue();
        assertThat(arbiter.acceptsOfYoung(0, UpdateKind.DELTA, 91, true)).isTrue();
    }

    @Test
    void shouldAcceptANewCountOfAYoungConnectionAtOnce() {
        arbiter.onUpdate(0, OLD);
        assertThat(arbiter.acceptsOfYoung(0, UpdateKind.FULL, 1, true)).isTrue();
    }

    @Test
    void shouldFollowTheFirstOfTwoLinesIntoANewCount() {
        accepts(0, OLD, Verdict.NEXT, true);
        accepts(0, 2, Verdict.NEW_COUNT, true);
        accepts(1, OLD + 1, Verdict.NEXT, false);
        accepts(0, 3, Verdict.NEXT, true);
        accepts(1, OLD + 2, Verdict.NEXT, false);
        accepts(1, 2, Verdict.NEW_COUNT, false);
        accepts(1, 4, Verdict.NEXT, true);
        accepts(0, 4, Verdict.NEXT, false);
        accepts(0, 5, Verdict.NEXT, true);
    }

    @Test
    void shouldFollowALineThatSaysThatTheVenueBeginsANewCount() {
        accepts(0, OLD, Verdict.NEXT, true);
        accepts(0, OLD / 2, Verdict.RESTART, true);
        accepts(1, OLD + 1, Verdict.NEXT, false);
        accepts(0, OLD / 2 + 1, Verdict.NEXT, true);
        accepts(1, OLD / 2, Verdict.RESTART, false);
        accepts(1, OLD / 2 + 2, Verdict.NEXT, true);
    }

    @Test
    void shouldReturnToTheOldCountIfItGoesOn() {
        accepts(0, OLD, Verdict.NEXT, true);
        accepts(0, 2, Verdict.NEW_COUNT, true);
        accepts(0, OLD + 5, Verdict.NEXT, true);
        accepts(1, OLD + 6, Verdict.NEXT, true);
    }

    @Test
    void shouldAcceptANewCountWhenBothLinesAreNew() {
        accepts(0, OLD, Verdict.NEXT, true);
        goLive(0, 5_000);
        accepts(0, 1, Verdict.NEXT, false);
        goLive(1, 5_000);
        accepts(0, 2, Verdict.NEXT, true);
        accepts(1, 1, Verdict.NEXT, false);
        accepts(1, 3, Verdict.NEXT, true);
    }

    @Test
    void shouldAcceptAnyNumberAfterAGap() {
        arbiter.onUpdate(100, 50);
        arbiter.forget(100);
        assertThat(arbiter.acceptsOfTwo(100, 50, Verdict.NEXT, states[1], states[0])).isTrue();
    }

    @Test
    void shouldKeepTheNewestNumberOfATopicThatNoLineCanGoOnWith() {
        accepts(0, 50, Verdict.NEXT, true);
        arbiter.onIncomplete(0);
        assertThat(arbiter.isIncomplete(0)).isTrue();
        assertThat(arbiter.newest(0)).isEqualTo(50);
        arbiter.onCaughtUp(0, 51, states[1]);
        assertThat(arbiter.isIncomplete(0)).isFalse();
        accepts(0, 51, Verdict.NEXT, false);
        accepts(0, 52, Verdict.NEXT, true);
    }

    @Test
    void shouldFollowALineThatCatchesUpInANewCount() {
        accepts(0, OLD, Verdict.NEXT, true);
        arbiter.onIncomplete(0);
        arbiter.onCaughtUp(0, 2, states[1]);
        accepts(0, OLD + 1, Verdict.NEXT, false);
        accepts(1, 3, Verdict.NEXT, true);
        accepts(0, 3, Verdict.NEW_COUNT, false);
        accepts(0, 4, Verdict.NEXT, true);
    }

    private void accepts(final int line, final long number, final Verdict verdict, final boolean expected) {
        final boolean accepted = arbiter.acceptsOfTwo(0, number, verdict, states[line], states[1 - line]);
        assertThat(accepted).as("number %d of line %d", number, line).isEqualTo(expected);
        if (accepted) {
            arbiter.onAccepted(0, 0, states[line].lastDataNs());
        }
    }

    private void goLive(final int line, final long nowNs) {
        states[line].enter(SessionState.BACKING_OFF, "lost", nowNs - 3);
        states[line].enter(SessionState.CONNECTING, "dial", nowNs - 2);
        states[line].enter(SessionState.LOGGING_IN, "open", nowNs - 1);
        states[line].enter(SessionState.LIVE, "data", nowNs);
        states[line].onData(nowNs + 10);
    }
}
