package penstock.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;

class ServiceNoticesTest {
    private static final long MS = 1_000_000;
    private static final long WATCHDOG_NS = 10_000 * MS;

    private final List<String> sent = new ArrayList<>();
    private final long[] beats = new long[2];
    private final boolean[] isReady = new boolean[1];
    private String status = "connecting";
    private boolean isRoom = true;
    private long nowNs;
    private final ServiceNotices notices = new ServiceNotices(new SupervisedService() {
        @Override
        public boolean isReady() {
            return isReady[0];
        }

        @Override
        public String status() {
            return status;
        }

        @Override
        public Map<String, LongSupplier> pulses() {
            final Map<String, LongSupplier> pulses = new LinkedHashMap<>();
            pulses.put("feed", () -> beats[0]);
            pulses.put("fanout-0", () -> beats[1]);
            return pulses;
        }
    }, this::send, WATCHDOG_NS, 0);

    @Test
    void shouldBeReadyOnceAndAskForTimeUntilThen() {
        assertThat(tick(true, true)).containsExactly("WATCHDOG=1", "EXTEND_TIMEOUT_USEC=20000000", "STATUS=connecting");
        assertThat(tick(true, true)).containsExactly("WATCHDOG=1", "EXTEND_TIMEOUT_USEC=20000000");
        isReady[0] = true;
        status = "live";
        assertThat(tick(true, true)).containsExactly("WATCHDOG=1", "EXTEND_TIMEOUT_USEC=20000000", "READY=1",
            "STATUS=live");
        isReady[0] = false;
        assertThat(tick(true, true)).as("stale later: another relay would not help").containsExactly("WATCHDOG=1");
    }

    @Test
    void shouldStopFeedingTheWatchdogWithinHalfItsTimeOnceTheFeedThreadHangs() {
        shouldStopWhenOnlyBeats("the thread feed hangs", false, true);
    }

    @Test
    void shouldStopFeedingTheWatchdogOnceAnIoThreadHangs() {
        shouldStopWhenOnlyBeats("the thread fanout-0 hangs", true, false);
    }

    private void shouldStopWhenOnlyBeats(final String expected, final boolean feed, final boolean shard) {
        isReady[0] = true;
        tick(true, true);
        for (int seconds = 1; seconds <= 5; seconds++) {
            assertThat(tick(feed, shard)).as("after %d s", seconds).contains("WATCHDOG=1");
        }
        assertThat(tick(feed, shard)).containsExactly("STATUS=" + expected);
        assertThat(tick(feed, shard)).isEmpty();
        assertThat(tick(true, true)).as("it goes on by itself").containsExactly("WATCHDOG=1", "STATUS=connecting");
    }

    @Test
    void shouldAskForNoTimeWhileAThreadHangsAtTheStart() {
        for (int seconds = 1; seconds <= 5; seconds++) {
            assertThat(tick(false, true)).contains("EXTEND_TIMEOUT_USEC=20000000");
        }
        assertThat(tick(false, true)).containsExactly("STATUS=the thread feed hangs");
    }

    @Test
    void shouldSayReadyAgainAfterAReloadButNotBeforeItIsReady() {
        notices.reloading(7_000);
        notices.reloaded();
        assertThat(sent).isEmpty();
        isReady[0] = true;
        tick(true, true);
        notices.reloading(7_000);
        notices.reloaded();
        assertThat(sent).containsExactly("RELOADING=1\nMONOTONIC_USEC=7", "READY=1");
    }

    @Test
    void shouldFeedNoWatchdogWhileItDrains() {
        isReady[0] = true;
        tick(true, true);
        notices.stopping();
        assertThat(sent).containsExactly("STOPPING=1");
        status = "draining";
        assertThat(tick(true, true)).containsExactly("STATUS=draining");
        assertThat(tick(true, true)).isEmpty();
    }

    @Test
    void shouldSayAgainWhatFoundNoRoom() {
        isReady[0] = true;
        isRoom = false;
        tick(true, true);
        isRoom = true;
        assertThat(tick(true, true)).contains("READY=1", "STATUS=connecting");
    }

    /** A second later; what was sent. */
    private List<String> tick(final boolean feedBeats, final boolean shardBeats) {
        sent.clear();
        nowNs += 1_000 * MS;
        beats[0] += feedBeats ? 10 : 0;
        beats[1] += shardBeats ? 1 : 0;
        notices.tick(nowNs);
        final List<String> now = List.copyOf(sent);
        sent.clear();
        return now;
    }

    private boolean send(final String message) {
        return isRoom && sent.add(message);
    }
}
