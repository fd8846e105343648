package penstock.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The whole relay makes no garbage per update once warm: feed's socket, frame, rules, ring, topic, fan-out,
 * subscribers' sockets. All its threads count, and all that they do. What is left belongs to a turn of an io thread,
 * however many updates the turn carries.
 */
@Timeout(60)
@Tag("slow")
class RelayAllocationTest {
    private static final int TOPICS = 100;
    private static final int IO_THREADS = 2;
    private static final int WARM_UP = 1_000;
    private static final int MEASURED = 500;
    private static final int TURNS_OF_INTERVALS = 200;
    /**
     * The JDK's selector keeps what is ready in a HashSet: a node of 32 bytes for each socket, here the feed's. XNIO's
     * loop asks for an iterator over its delayed tasks: 48 bytes, until the compiler finds that nothing needs the
     * object. The rest is for a second look.
     */
    private static final int BYTES_PER_TURN = 128;
    /**
     * An interval is a delayed task of XNIO: the task, its key, the node of a tree, and a turn in which it is found.
     */
    private static final int BYTES_PER_INTERVAL = 1_024;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private RelayRig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new RelayRig(TOPICS, "server.io-threads=" + IO_THREADS, "fanout.journal=128KiB");
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    @Test
    void shouldMakeNoGarbagePerUpdateFromTheFeedsSocketToTheSubscribers() throws IOException {
        for (int i = 0; i < IO_THREADS; i++) {
            rig.open("/v1/raw?symbols=*&interval=0");
            rig.open("/v1/ws?symbols=*&interval=0");
            rig.open("/v1/ws?symbols=*&mode=all");
        }
        run(WARM_UP, 1);
        run(WARM_UP, TOPICS);
        // one byte for each of a hundred updates, and for each of its six deliveries, would be 100 and 600 more
        assertGarbage(MEASURED, TOPICS, BYTES_PER_TURN, IO_THREADS * BYTES_PER_TURN);
        assertGarbage(MEASURED, 1, BYTES_PER_TURN, IO_THREADS * BYTES_PER_TURN);
    }

    @Test
    void shouldMakeNoGarbagePerUpdateForSubscribersWithAnInterval() throws IOException {
        for (int i = 0; i < IO_THREADS; i++) {
            rig.open("/v1/raw?symbols=*&interval=1");
            rig.open("/v1/ws?symbols=*&interval=1");
        }
        run(TURNS_OF_INTERVALS, TOPICS);
        assertGarbage(TURNS_OF_INTERVALS, TOPICS, BYTES_PER_TURN, IO_THREADS * BYTES_PER_INTERVAL);
    }

    /** Bytes on the feed's threads and on those of the fan-out, per step of {@code updates}. */
    private void assertGarbage(final int steps, final int updates, final int mostOfFeed, final int mostOfFanout)
            throws IOException {
        final long feedBefore = allocatedBytes("feed ");
        final long fanoutBefore = allocatedBytes("fanout ");
        run(steps, updates);
        assertThat((allocatedBytes("feed ") - feedBefore) / steps).as("bytes of the feed per %s updates", updates)
            .isLessThan(mostOfFeed);
        assertThat((allocatedBytes("fanout ") - fanoutBefore) / steps)
            .as("bytes of the fan-out per %s updates", updates)
            .isLessThan(mostOfFanout);
        assertThat(rig.relay().telemetry().errors().entries()).isEmpty();
    }

    private void run(final int steps, final int updates) throws IOException {
        for (int i = 0; i < steps; i++) {
            rig.step(updates);
        }
    }

    /** By all threads of a worker: its io threads, the one that accepts, those for tasks. */
    private long allocatedBytes(final String worker) {
        final long[] ids = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
            .filter(info -> info != null && info.getThreadName().startsWith(worker))
            .mapToLong(info -> info.getThreadId()).toArray();
        assertThat(ids).as("threads named %s", worker).isNotEmpty();
        return Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum();
    }
}
