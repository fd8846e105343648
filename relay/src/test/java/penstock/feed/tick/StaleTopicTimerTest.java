package penstock.feed.tick;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.ring.ConflationClass;
import penstock.testkit.ManualClock;
import penstock.time.FeedClock;
import penstock.time.OpenHours;
import penstock.venue.spec.ChannelSpec;

/** A check of the stale topics that comes late. */
class StaleTopicTimerTest {
    @Test
    void shouldReportNoTopicWhenTheFeedThreadWasLate() {
        final ManualClock clock = new ManualClock();
        final long[] lateMs = {0};
        final FeedClock late = new FeedClock() {
            @Override
            public long nowNs() {
                return clock.nowNs() + lateMs[0] * 1_000_000;
            }

            @Override
            public long epochUs() {
                return clock.epochUs();
            }

            @Override
            public Timer executeAfter(final Runnable task, final long delayMs) {
                return clock.executeAfter(task, delayMs);
            }

            @Override
            public void execute(final Runnable task) {
                task.run();
            }
        };
        final List<Integer> silent = new ArrayList<>();
        final StaleTopicDetector staleTopics = new StaleTopicDetector(late,
            List.of(new ChannelSpec("quote", ConflationClass.LAST_VALUE, true, 0, 5_000)), OpenHours.ALWAYS, topic -> 0,
            silent::add);
        staleTopics.start();
        staleTopics.onUpdate(0, 0, late.nowNs());
        staleTopics.onUpdate(0, 500, late.nowNs());
        clock.advance(1_000);
        lateMs[0] = 60_000;
        // one of the waiting messages has been read
        staleTopics.onUpdate(0, 0, late.nowNs());
        clock.advance(1_000);
        assertThat(silent).isEmpty();
        clock.advance(3_000);
        staleTopics.onUpdate(0, 0, late.nowNs());
        clock.advance(2_000);
        assertThat(silent).containsExactly(500);
    }
}
