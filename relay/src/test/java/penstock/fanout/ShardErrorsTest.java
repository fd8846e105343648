package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.TickRing;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;
import penstock.testkit.SinkSocket;
import penstock.testkit.TestShards;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;

/** A defect that shows as an {@link Error}, not as an exception: it costs one topic, session or turn, and no more. */
class ShardErrorsTest {
    private static final long LONG_NS = 60_000_000_000L;

    private final FailingThread thread = new FailingThread();
    private final Counters counters = new Counters("fanout-0");
    private final ErrorLog errors = new ErrorLog();
    private final TickRing ring = new TickRing(64, 1 << 16);
    private final Shard shard = TestShards.shard(thread, ring.poller(counters),
        new TopicTable(List.of(new Channel(0, "quote", "last-value", true)), 7, 0),
        new SessionTimeouts(LONG_NS, LONG_NS, LONG_NS, LONG_NS), new SessionLimits(3, 10, 65536, 20, 0, 60_000),
        counters, errors);
    private final ModelFeed feed =
        new ModelFeed(ring.publisher(counters, List.of(new ShardProxy(thread, shard)::wake)));
    private final RecordingSocket socket = new RecordingSocket(thread.manual, new Random(1));

    @BeforeEach
    void subscribe() {
        new ShardProxy(thread, shard).start();
        tick("EURUSD");
        open(socket);
        ShardRig.texts(socket);
    }

    @Test
    void shouldMarkTheTopicOfAFailedEventStaleUntilItsNextValue() {
        shard.onFailure(0, new StackOverflowError("too deep"));
        shard.onFailure(0, new StackOverflowError("too deep"));
        new ShardProxy(thread, shard).wake();
        thread.manual.run();
        assertThat(ShardRig.texts(socket)).first().asString().contains("\"scope\":\"symbols\"", "[\"EURUSD\"]",
            "\"state\":\"stale\",\"reason\":\"updates_lost\"");
        assertThat(errors.entries()).as("logged once per place").hasSizeLessThanOrEqualTo(2);
        tick("EURUSD");
        assertThat(ShardRig.texts(socket)).satisfiesExactly(
            status -> assertThat(status).contains("\"state\":\"live\""),
            update -> assertThat(update).contains("\"q\":2,").doesNotContain("\"st\""));
    }

    @Test
    void shouldSurviveAnErrorOfATopicItDoesNotKnow() {
        shard.onFailure(99_999, new LinkageError("never announced"));
        shard.onFailure(-1, new LinkageError("no topic"));
        tick("EURUSD");
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"q\":2,");
    }

    @Test
    void shouldCloseOnlyTheSessionWhoseFlushThrowsAnError() {
        final SinkSocket broken = new SinkSocket() {
            @Override
            public int write(final ByteBuffer frames) {
                throw new NoClassDefFoundError("missing");
            }
        };
        open(broken);
        assertThat(broken.isClosed()).isTrue();
        assertThat(errors.count()).isEqualTo(1);
        tick("EURUSD");
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"q\":2,");
    }

    @Test
    void shouldServeOthersWhenASessionCanBeNeitherFlushedNorClosed() {
        open(new SinkSocket() {
            @Override
            public int write(final ByteBuffer frames) {
                throw new StackOverflowError("too deep");
            }

            @Override
            public void close() {
                throw new LinkageError("cannot be closed");
            }
        });
        tick("EURUSD");
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"q\":2,");
        assertThat(errors.entries()).noneMatch(entry -> entry.text().startsWith("a turn"));
    }

    @Test
    void shouldBeginAnotherTurnAfterOneThatThrewAnErrorAndNotAtOnce() {
        feed.tick("EURUSD", thread.nowNs());
        thread.failures = 1;
        feed.flush();
        thread.manual.runTasks();
        assertThat(errors.entries()).singleElement().satisfies(entry ->
            assertThat(entry.text()).startsWith("a turn of a shard failed: java.lang.ExceptionInInitializerError"));
        assertThat(ShardRig.texts(socket)).isEmpty();
        thread.manual.advanceMs(200);
        assertThat(errors.count()).isEqualTo(1);
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"q\":2,");
    }

    private void open(final SinkSocket opened) {
        shard.open(opened, WebSocketFormat.PLAIN, "test")
            .onRequest(ShardRig.request("0", Mode.CONFLATE, 0, "EURUSD"));
        thread.manual.run();
    }

    private void tick(final String symbol) {
        feed.tick(symbol, thread.nowNs());
        feed.flush();
        thread.manual.run();
    }

    /** A hand-turned thread that fails in the next turns. */
    private static final class FailingThread implements ShardThread {
        final ManualThread manual = new ManualThread(1_000_000_000L);
        int failures;

        @Override
        public void execute(final Runnable task) {
            manual.execute(task);
        }

        @Override
        public void executeAfter(final Runnable task, final long delayMs) {
            manual.executeAfter(task, delayMs);
        }

        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public long nowNs() {
            if (failures > 0) {
                failures--;
                throw new ExceptionInInitializerError("broken");
            }
            return manual.nowNs();
        }

        @Override
        public long epochUs(final long nowNs) {
            return manual.epochUs(nowNs);
        }
    }
}
