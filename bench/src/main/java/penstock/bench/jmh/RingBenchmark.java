package penstock.bench.jmh;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counters;

/**
 * From the publisher through the ring to a reader that only moves on, in batches of 100. One operation is one update
 * published and read.
 */
public class RingBenchmark extends TimedBenchmark {
    private static final int BATCH = 100;

    /** Of the payload. */
    @Param({"120", "4096"})
    public int bytes;

    private final UpdateSlice slices = new UpdateSlice();
    private final TickCount read = new TickCount();
    private final AtomicLong readByOther = new AtomicLong();
    private TickPublisher near;
    private TickPoller poller;
    private TickPublisher far;
    private Thread other;
    private long published;
    private volatile boolean isOver;

    /** Two rings: one is read by the thread that publishes, one by another. */
    @Setup
    public void setup() {
        final byte[] payload = "x".repeat(bytes).getBytes(StandardCharsets.US_ASCII);
        slices.set(payload, 0, payload.length, 0, payload.length);
        final TickRing nearRing = new TickRing(1024, 1 << 20);
        poller = nearRing.poller(new Counters("fanout-0"));
        near = nearRing.publisher(new Counters("feed"), List.of());
        final TickRing farRing = new TickRing(1024, 1 << 20);
        final TickPoller farPoller = farRing.poller(new Counters("fanout-1"));
        far = farRing.publisher(new Counters("feed"), List.of());
        for (final TickPublisher publisher : List.of(near, far)) {
            publisher.addTopic(0, payload, 0, 1);
        }
        other = new Thread(() -> readUntilOver(farPoller), "other");
        other.setDaemon(true);
    }

    /** Lets the other thread go. */
    @TearDown
    public void tearDown() throws InterruptedException {
        isOver = true;
        if (other.getState() != Thread.State.NEW) {
            other.join();
        }
    }

    /** Without a change of threads: what the ring itself costs. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long oneThread() {
        publish(near);
        poller.poll(read);
        return read.values();
    }

    /**
     * To another thread, and back to this one when it has all. Both yield while they wait: there may be fewer cores
     * than threads.
     */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long twoThreads() {
        if (published == 0) {
            other.start();
        }
        publish(far);
        published += BATCH;
        while (readByOther.get() < published) {
            Thread.yield();
        }
        return published;
    }

    private void publish(final TickPublisher publisher) {
        for (int i = 0; i < BATCH; i++) {
            publisher.publish(0, TickPublisher.NO_TIME, 0, slices);
        }
        publisher.flush();
    }

    private void readUntilOver(final TickPoller from) {
        final TickCount count = new TickCount();
        while (!isOver) {
            if (from.poll(count) == 0) {
                Thread.yield();
            } else {
                readByOther.setRelease(count.values());
            }
        }
    }
}
