package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.memory.MemoryShare;
import penstock.testkit.RecordingSocket;
import penstock.testkit.WorkingThread;
import penstock.topic.Channel;
import penstock.topic.Feed;
import penstock.wire.ChannelName;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;

/**
 * One of two feeds floods: its sessions have more to send than the shard has time for, and their sockets block all the
 * time. The sessions of the other feed get its updates within a turn or two nevertheless. The clock moves with each
 * look at it.
 */
class FloodedFeedTest {
    private static final long MS = 1_000_000;
    private static final int FLOODED = 40;
    private static final int CALM = 20;
    private static final int ROUNDS = 50;
    /** A turn of 3 ms that is running, the pause behind it, and one that is cut by images. */
    private static final long MAX_LATE_NS = 6 * MS;

    private final Feed flooding = new Feed(0, "first", 0);
    private final Feed calm = new Feed(1, "second", 0);
    private final WorkingThread thread = new WorkingThread(1_000 * MS, MS / 50);
    /** Symbols that begin with T. are of the calm feed. */
    private final ShardRig rig = new ShardRig(thread, new SessionLimits(5, 10, 65536, 20, 0, 60_000), 16_384, 4 << 20,
        List.of(new Channel(flooding, 0, "quote", "last-value", true, MemoryShare.unlimited()),
        new Channel(calm, 1, "quote", "last-value", true, MemoryShare.unlimited())), MemoryShare.unlimited());
    private final List<Session> flooded = new ArrayList<>();
    private final List<RecordingSocket> floodedSockets = new ArrayList<>();
    /** By session of the flooding feed: its frames, of 64 KiB. */
    private final int[] received = new int[FLOODED];
    private final List<RecordingSocket> calmSockets = new ArrayList<>();

    @Test
    void shouldSendTheUpdatesOfACalmFeedInTime() {
        rig.tick("A", "B", "T.A");
        for (int i = 0; i < FLOODED; i++) {
            floodedSockets.add(rig.socket());
            flooded.add(open(floodedSockets.get(i), "first", Mode.ALL));
            if (i % 2 == 0) {
                calmSockets.add(rig.socket());
                open(calmSockets.get(i / 2), "second", Mode.CONFLATE);
            }
        }
        assertThat(calmSockets).hasSize(CALM);
        thread.advanceMs(20);
        calmSockets.forEach(RecordingSocket::takeFrames);
        final List<Long> late = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            late.addAll(round());
        }
        late.sort(null);
        assertThat(rig.telemetry.errors().distinctCount()).isZero();
        assertThat(thread.tasks()).as("turns").isGreaterThan(ROUNDS);
        assertThat(late.get(late.size() / 2)).as("the median of %s", late).isLessThanOrEqualTo(MAX_LATE_NS / 2);
        assertThat(late.get(late.size() - 1)).as("the last").isLessThanOrEqualTo(MAX_LATE_NS);
        assertThat(Arrays.stream(received)).as("what the flooded received").allMatch(count -> count >= 3);
    }

    /** An update of the calm feed amid many; returns how late it came to each of its sessions. */
    private List<Long> round() {
        final long sentNs = thread.nowNs();
        rig.feed.tick("T.A", sentNs);
        final List<Long> late = new ArrayList<>();
        for (int ms = 0; late.size() < CALM && ms < 200; ms++) {
            for (int i = 0; i < 200; i++) {
                rig.feed.tick(i % 2 == 0 ? "A" : "B", thread.nowNs());
            }
            rig.feed.flush();
            for (int i = 0; i < FLOODED; i++) {
                received[i] += floodedSockets.get(i).takeFrames().size();
                floodedSockets.get(i).takeOnly(30_000);
                final Session session = flooded.get(i);
                if (floodedSockets.get(i).wantsWrites()) {
                    thread.work(session::onWritable);
                }
            }
            thread.advanceMs(1);
            calmSockets.forEach(socket -> socket.takeFrames().forEach(frame -> late.add(frame.begunNs() - sentNs)));
        }
        assertThat(late).as("updates of the calm feed").hasSize(CALM);
        return late;
    }

    private Session open(final RecordingSocket socket, final String feed, final Mode mode) {
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        thread.work(() -> session.onRequest(new Request.Subscribe("1", new ChannelName(feed, null), "a",
            ShardRig.patterns("*"), true, null, SubscriptionOptions.of(mode, mode == Mode.ALL ? -1 : 0, null))));
        thread.advanceMs(1);
        return session;
    }
}
