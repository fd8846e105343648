package penstock.feed.tick;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import penstock.ring.UpdateKind;
import penstock.venue.SequenceTracker;

/** How many events are missing before an event. */
class EventSequenceTrackerTest {
    private final EventSequenceTracker events = new EventSequenceTracker();

    @Test
    void shouldReportNoMissedEventsWhenTheVenueRestartsItsNumbering() {
        final long[] numbers =
            {5_000, 1, 2, 4, SequenceTracker.NONE, 5, 4_000_000_000_000L, 4_000_000_000_002L, 3,
            -9_000_000_000_000_000_000L};
        final long[] missed = {0, 0, 0, 1, 0, 0, 0, 1, 0, 0};
        for (int i = 0; i < numbers.length; i++) {
            assertThat(events.missedBefore(0, UpdateKind.DELTA, numbers[i])).as("number " + numbers[i])
                .isEqualTo(missed[i]);
        }
    }

    @Test
    void shouldCountFromTheNewestEventOfASnapshot() {
        assertThat(events.missedBefore(700, UpdateKind.DELTA, 10)).isZero();
        assertThat(events.missedBefore(700, UpdateKind.SNAPSHOT, 14)).isEqualTo(3);
        assertThat(events.missedBefore(700, UpdateKind.SNAPSHOT, 13)).isZero();
        assertThat(events.missedBefore(700, UpdateKind.DELTA, 16)).isEqualTo(1);
    }
}
