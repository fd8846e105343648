package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.fanout.format.BinaryFormat;
import penstock.fanout.format.RowsFormat;
import penstock.fanout.format.SessionFormat;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.LevelBuffer;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.server.sse.EventStream;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.SinkSocket;
import penstock.testkit.TestShards;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.usage.session.RelayUsage;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;

/** The way of an update from the publisher to the socket makes no garbage once warm: ring, table, flush, frame. */
@Tag("slow")
class HotPathAllocationTest {
    private static final int TOPICS = 100;
    private static final int MEASURED = Integer.getInteger("penstock.allocation.updates", 20_000);
    /** Some rounds of all topics with all their updates, and what the compiler wants before it compiles all. */
    private static final int WARM_UP = Math.max(30_000, MEASURED);
    /** What the JVM itself may do meanwhile; one byte per update would be 50,000. */
    private static final long SLACK_BYTES = 20_000;

    private final ManualThread thread = new ManualThread(1_000_000_000L);
    private final Counters counters = new Counters("fanout-0");
    private final WebSocketFormats formats = new WebSocketFormats(counters);
    private final byte[] frame =
        ("{\"symbol\":\"EURUSD\",\"bid\":1.10342,\"ask\":1.10344" + ",\"more\":0.1".repeat(20) + "}")
        .getBytes(StandardCharsets.UTF_8);
    @TempDir
    private Path folder;
    private TickPublisher publisher;
    private Mode mode;
    private UpdateSlice[] updates;

    @ParameterizedTest
    @ValueSource(strings = {"last-value", "merge", "order-book", "event"})
    void shouldAllocateNothingFromPublisherToSocket(final String conflation) {
        updates = updates(conflation);
        final Telemetry telemetry = new Telemetry();
        final TickRing ring = new TickRing(1024, 1 << 20);
        final RelayUsage usage = TestShards.usage(folder, "a { symbols = [\"S1*\"] }, b { symbols = [\"*\"] }",
            Clock.systemUTC());
        final Shard shard = TestShards.metered(thread, ring.poller(counters),
            new TopicTable(List.of(new Channel(0, "quote", conflation, true)), 1, 0),
            new SessionLimits(50, 5000, 65536, 20, 0, 60_000), counters, telemetry.errors(),
            usage.addShard(Runnable::run, (task, ms) -> { }));
        publisher = ring.publisher(counters, List.of(new ShardProxy(thread, shard)::wake));
        for (int i = 0; i < TOPICS; i++) {
            publisher.addTopic(0, ("S" + i).getBytes(StandardCharsets.UTF_8), 0, ("S" + i).length());
        }
        mode = conflation.equals("event") ? Mode.ALL : Mode.CONFLATE;
        final TakingSocket all = open(shard, WebSocketFormat.PLAIN, 0);
        final TakingSocket raw =
            open(shard, conflation.equals("last-value") ? WebSocketFormats.RAW : WebSocketFormat.PLAIN, 0);
        final TakingSocket rows = open(shard, new RowsFormat(WebSocketFormat.PLAIN), 0);
        final TakingSocket binary = open(shard, new BinaryFormat(WebSocketFormat.PLAIN), 0);
        final TakingSocket events = open(shard, new EventStream(), 0);
        open(shard, WebSocketFormat.PLAIN, 60_000);
        final TakingSocket deflating = open(shard, formats.of(15), 0);
        open(shard, formats.of(15), 0);
        open(shard, formats.of(8), 0);
        run(WARM_UP);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long writes = all.writes();
        final long before = threads.getCurrentThreadAllocatedBytes();
        run(MEASURED);
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(all.writes() - writes).isEqualTo(MEASURED);
        assertThat(events.writes()).isGreaterThanOrEqualTo(MEASURED);
        assertThat(rows.writes()).isGreaterThanOrEqualTo(MEASURED);
        assertThat(binary.writes()).isGreaterThanOrEqualTo(MEASURED);
        assertThat(raw.writes()).isGreaterThanOrEqualTo(MEASURED);
        assertThat(deflating.writes()).isGreaterThanOrEqualTo(MEASURED);
        if (isWhole(conflation)) {
            // the others' messages are below the size that is compressed
            assertThat(counters.get(Counter.FRAMES_DEFLATED)).isGreaterThan(3 * MEASURED);
            assertThat(counters.get(Counter.FRAMES_SHARED)).isGreaterThan(MEASURED);
        }
        assertThat(allocated).isLessThan(SLACK_BYTES);
        usage.close();
    }

    private TakingSocket open(final Shard shard, final SessionFormat format, final int intervalMs) {
        final TakingSocket socket = new TakingSocket();
        shard.open(socket, format, "test")
            .onRequest(ShardRig.request("0", mode, mode == Mode.ALL ? -1 : intervalMs, "*"));
        thread.run();
        return socket;
    }

    private void run(final int ticks) {
        for (int i = 0; i < ticks; i++) {
            publisher.publish(i % TOPICS, 1_795_197_922_737_123L, thread.nowNs(), updates[i / TOPICS % updates.length]);
            publisher.flush();
            thread.run();
        }
    }

    /** Levels come and go, fields change. */
    private UpdateSlice[] updates(final String conflation) {
        final UpdateSlice[] made = new UpdateSlice[isWhole(conflation) ? 1 : 64];
        for (int i = 0; i < made.length; i++) {
            final String object = "{\"bid\":1." + i + ",\"f" + i % 7 + "\":" + (i % 3 == 0 ? "null" : i) + "}";
            final byte[] bytes = conflation.equals("merge") ? object.getBytes(StandardCharsets.UTF_8) : frame;
            made[i] = new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length);
            made[i].kind = isWhole(conflation) ? UpdateKind.FULL : UpdateKind.DELTA;
            if (conflation.equals("order-book")) {
                made[i].levels = new LevelBuffer();
                KrakenBook.add(made[i].levels, i & 1, List.of("1." + i % 20, i % 3 == 0 ? "0" : "7." + i));
                KrakenBook.add(made[i].levels, i & 1, List.of("2." + i % 20, "" + i));
            }
        }
        return made;
    }

    private static boolean isWhole(final String conflation) {
        return conflation.equals("last-value") || conflation.equals("event");
    }

    /** Accepts everything, and fails the test if the session expects anything else. */
    private static final class TakingSocket extends SinkSocket {
        @Override
        public void resumeWrites() {
            throw new AssertionError("never blocked");
        }

        @Override
        public void suspendWrites() {
            throw new AssertionError("never blocked");
        }

        @Override
        public void suspendReads() {
            throw new AssertionError("nothing is asked");
        }

        @Override
        public void close() {
            throw new AssertionError("nothing closes the session");
        }
    }
}
