package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.FeedState;
import penstock.testkit.RecordingSocket;
import penstock.testkit.SinkSocket;

class ShardTest {
    private final ShardRig rig = new ShardRig();

    @Test
    void shouldYieldToTheSelectorUnderAFastFeed() {
        rig.tick("EURUSD");
        final Greedy greedy = new Greedy();
        for (int i = 0; i < 32; i++) {
            rig.subscribe(rig.shard.open(greedy, WebSocketFormat.PLAIN, "test"), "0", 0, "EURUSD");
        }
        rig.thread.advanceMs(100);
        greedy.costNs = 1_000_000;
        for (int pass = 0; pass < 50; pass++) {
            rig.feed.tick("EURUSD", rig.thread.nowNs());
            rig.feed.flush();
            greedy.sinceReset = 0;
            rig.thread.run();
            assertThat(greedy.sinceReset).as("writes before the selector was asked").isLessThanOrEqualTo(16);
            rig.thread.spendNs(300_000);
        }
        assertThat(rig.thread.scheduledCount()).as("timers").isLessThanOrEqualTo(3);
        greedy.costNs = 0;
        rig.thread.advanceMs(10);
        greedy.sinceReset = 0;
        rig.tick("EURUSD");
        assertThat(greedy.sinceReset).isEqualTo(32);
    }

    @Test
    void shouldServeOthersAfterASessionWithAPendingStatusEnds() {
        final RecordingSocket socket = rig.socket();
        final RecordingSocket other = rig.socket();
        final Session blocked = rig.open(socket, WebSocketFormat.PLAIN);
        final Session healthy = rig.open(other, WebSocketFormat.PLAIN);
        rig.subscribe(blocked, "0", 0, "*");
        rig.subscribe(healthy, "0", 0, "*");
        socket.takeOnly(0);
        rig.tick("EURUSD");
        rig.thread.advanceMs(1_000);
        rig.feed.state(FeedState.STALE);
        for (int s = 0; s < 61; s++) {
            rig.thread.advanceMs(1_000);
            healthy.onPong();
        }
        assertThat(socket.isClosed()).isTrue();
        assertThat(rig.telemetry.errors().entries()).isEmpty();
        ShardRig.texts(other);
        rig.tick("EURUSD");
        assertThat(ShardRig.texts(other)).singleElement().asString().contains("\"q\":2,");
    }

    @Test
    void shouldContinueHousekeepingWhenASessionFails() {
        final Greedy broken = new Greedy();
        broken.failsToClose = true;
        rig.subscribe(rig.shard.open(broken, WebSocketFormat.PLAIN, "test"), "0", 0, "*");
        final RecordingSocket other = rig.socket();
        final Session healthy = rig.open(other, WebSocketFormat.PLAIN);
        broken.takes = false;
        rig.tick("EURUSD");
        for (int s = 0; s < 70; s++) {
            rig.thread.advanceMs(1_000);
            healthy.onPong();
        }
        assertThat(rig.telemetry.errors().entries()).hasSize(1);
        assertThat(rig.shard.sessionCount()).isEqualTo(1);
        ShardRig.texts(other);
        rig.thread.advanceMs(6_000);
        assertThat(ShardRig.texts(other)).anyMatch(text -> text.contains("heartbeat"));
    }

    /** A socket whose every write costs time, and during which the feed goes on. */
    private final class Greedy extends SinkSocket {
        private long costNs;
        private int sinceReset;
        private boolean takes = true;
        private boolean failsToClose;

        @Override
        public int write(final ByteBuffer frames) {
            if (!takes) {
                return 0;
            }
            if (++sinceReset > 1_000) {
                throw new AssertionError("the selector is never asked");
            }
            if (costNs > 0) {
                rig.thread.spendNs(costNs);
                rig.feed.tick("EURUSD", rig.thread.nowNs());
                rig.feed.flush();
            }
            return frames.remaining();
        }

        @Override
        public void close() {
            if (failsToClose) {
                throw new IllegalStateException("cannot be closed");
            }
        }
    }
}
