package penstock;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import penstock.ring.FeedPulse;
import penstock.telemetry.Telemetry;

/** The threads of a relay: one for the feed, and one per shard. Owned by the thread that starts and stops the relay. */
final class RelayThreads {
    static final String FEED = "feed";
    /** The owner name of the ring in the metrics, if several feeds have counters of their own. */
    static final String RING = "feed/";
    private static final long HEARTBEAT_MS = 1_000;
    private static final long NS_PER_SECOND = 1_000_000_000;

    private final XnioWorker feedWorker;
    private final XnioWorker fanoutWorker;

    /**
     * Starts the threads.
     *
     * @param shards how many serve subscribers
     * @throws IOException if an io thread cannot be created
     */
    RelayThreads(final int shards) throws IOException {
        feedWorker = worker(FEED, 1, 2);
        // the steps of TLS handshakes must not wait behind each other on a machine with many cores
        fanoutWorker = worker("fanout", shards, shards);
    }

    /** The owner name of a shard in the metrics. */
    static String shard(final int number) {
        return "fanout-" + number;
    }

    XnioIoThread feed() {
        return feedWorker.getIoThread();
    }

    XnioWorker fanout() {
        return fanoutWorker;
    }

    /** XNIO returns its io threads by any number: 0 to their count gives each once. */
    List<XnioIoThread> shards() {
        return IntStream.range(0, fanoutWorker.getIoThreadCount()).mapToObj(fanoutWorker::getIoThread).toList();
    }

    /**
     * Lets every thread beat, so that a stuck one is seen from outside, and a stuck feed thread by the shards too.
     * {@code everySecond} runs on the first shard's thread. From now on their CPU time is measured, too.
     */
    void startHeartbeats(final Telemetry telemetry, final FeedPulse pulse, final Runnable everySecond) {
        register(telemetry);
        final Runnable heartbeat = telemetry.heartbeat(FEED);
        feed().execute(new Beat(feed(), FeedPulse.EVERY_MS, () -> {
            pulse.beat();
            heartbeat.run();
        }));
        shards().get(0).execute(new Beat(shards().get(0), HEARTBEAT_MS, everySecond));
        int number = 0;
        for (final XnioIoThread thread : shards()) {
            thread.execute(new Beat(thread, HEARTBEAT_MS, telemetry.heartbeat(shard(number++))));
        }
    }

    /** Beats, and schedules itself again until its thread ends. Owned by that thread. */
    private record Beat(XnioIoThread thread, long everyMs, Runnable heartbeat) implements Runnable {
        @Override
        public void run() {
            heartbeat.run();
            try {
                thread.executeAfter(this, everyMs, TimeUnit.MILLISECONDS);
            } catch (final RejectedExecutionException e) {
                // the thread is terminating; executeAtInterval would log this as an error of a task
                return;
            }
        }
    }

    /** How much of a core each thread of the data path uses: its work, without what it waits for. */
    private void register(final Telemetry telemetry) {
        register(telemetry, feed(), FEED);
        int number = 0;
        for (final XnioIoThread thread : shards()) {
            register(telemetry, thread, shard(number++));
        }
    }

    private static void register(final Telemetry telemetry, final XnioIoThread thread, final String owner) {
        final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        telemetry.countSeconds("penstock_thread_cpu_seconds_total", "CPU time of the thread, user and system.",
            NS_PER_SECOND, () -> threads.isThreadCpuTimeSupported() ? threads.getThreadCpuTime(thread.getId())
            : Telemetry.UNKNOWN, "owner", owner);
    }

    void shutdown() {
        feedWorker.shutdownNow();
        fanoutWorker.shutdownNow();
    }

    private static XnioWorker worker(final String name, final int ioThreads, final int taskThreads) throws IOException {
        return Xnio.getInstance().createWorker(OptionMap.builder()
            .set(Options.WORKER_NAME, name)
            .set(Options.WORKER_IO_THREADS, ioThreads)
            .set(Options.WORKER_TASK_CORE_THREADS, taskThreads)
            .set(Options.WORKER_TASK_MAX_THREADS, taskThreads)
            .set(Options.THREAD_DAEMON, true)
            .getMap());
    }
}
