package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.telemetry.LatencyRecorder;
import penstock.testkit.RecordingSocket;

/** Where the time of an update goes, by the histograms of its stages. */
class LatencyStagesTest {
    private static final int MEASURED_OF = 17;
    private static final long NS_PER_MS = 1_000_000;

    private final ShardRig rig = new ShardRig();
    private final RecordingSocket socket = rig.socket();

    @Test
    void shouldMeasureEachStageOfAnUpdateThatIsSentAtOnce() {
        subscribe(0);
        publishMeasured(2);
        rig.thread.advanceMs(5);
        rig.feed.flush();
        rig.thread.run();

        assertMs(rig.ingest, 2);
        assertMs(rig.latencies.ring(), 5);
        assertMs(rig.latencies.write(), 0);
        assertMs(rig.latencies.dwell(), 0);
        assertMs(rig.latencies.queueing(), 7);
        assertMs(rig.latencies.age(), 7);
    }

    @Test
    void shouldCountTheSubscribersIntervalAsConflationAndNotAsDelay() {
        subscribe(100);
        rig.tick("EURUSD");
        final long before = rig.latencies.age().sumNs();
        rig.thread.advanceMs(40);
        rig.tick("EURUSD");
        rig.thread.advanceMs(60);

        assertThat(rig.latencies.dwell().sumNs()).isEqualTo(60 * NS_PER_MS);
        assertThat(rig.latencies.age().sumNs() - before).isEqualTo(60 * NS_PER_MS);
        assertThat(rig.latencies.queueing().sumNs()).isZero();
        assertThat(rig.latencies.write().sumNs()).isZero();
    }

    @Test
    void shouldCountTheWaitForABlockedSocketAsDelay() {
        final Session session = subscribe(0);
        socket.takeOnly(0);
        rig.tick("EURUSD");
        rig.thread.advanceMs(300);
        socket.takeAll();
        session.onWritable();
        rig.thread.run();

        assertMs(rig.latencies.write(), 300);
        assertMs(rig.latencies.queueing(), 300);
        assertMs(rig.latencies.dwell(), 0);
    }

    @Test
    void shouldMeasureEveryUpdateThatWaitsForRoomInTheRing() {
        final ShardRig full = ShardRig.ofQuotes(4);
        for (int i = 0; i < 8; i++) {
            full.feed.tick("S" + i, full.thread.nowNs());
        }
        full.thread.advanceMs(30);
        while (full.feed.isBehind()) {
            full.feed.flush();
            full.thread.run();
        }

        assertThat(count(full.ingest)).as("of 8, two of which went in at once").isEqualTo(6);
        assertThat(full.ingest.sumNs()).isEqualTo(6 * 30 * NS_PER_MS);
    }

    private Session subscribe(final int intervalMs) {
        rig.tick("EURUSD");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", intervalMs, "EURUSD");
        rig.thread.advanceMs(1_000);
        socket.takeFrames();
        return session;
    }

    /** So many that the last of them is measured; their frames were read {@code ms} ago. */
    private void publishMeasured(final int ms) {
        for (int i = 0; i < MEASURED_OF && count(rig.ingest) == 0; i++) {
            rig.feed.tick("EURUSD", rig.thread.nowNs() - ms * NS_PER_MS);
        }
    }

    private static void assertMs(final LatencyRecorder stage, final long ms) {
        assertThat(count(stage)).isPositive();
        assertThat(stage.sumNs()).isEqualTo(ms * NS_PER_MS);
    }

    private static long count(final LatencyRecorder stage) {
        return IntStream.range(0, LatencyRecorder.buckets()).mapToLong(stage::count).sum();
    }
}
