package penstock.recording.write;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.FeedConfig;
import penstock.config.relay.RecordConfig;
import penstock.config.relay.RelayConfig;
import penstock.feed.report.FeedReport;
import penstock.feed.report.RecordingReport;
import penstock.recording.RecordingClock;
import penstock.telemetry.Telemetry;
import penstock.upstream.UpstreamFactory;
import penstock.venue.Venue;

/** The recordings of a relay, with their thread. Owned by the thread that starts and stops the relay. */
public final class RelayRecorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayRecorder.class);
    /** With half of a buffer of 8 MiB free, 400 MB/s find room. */
    private static final long IDLE_NS = 10_000_000;
    private static final long CLOSE_WITHIN_MS = 2_000;
    private static final String BROKEN = "an internal error; nothing is recorded until the next start, see the log";

    private final List<Recorded> feeds = new ArrayList<>();
    private final Map<Integer, Recorded> byNumber = new HashMap<>();
    private final Thread thread = new Thread(this::run, "record");
    private final RecordFolders folders;
    /** Null if no feed is recorded. */
    private final RecordWriter writer;
    private volatile boolean isStopping;
    private volatile boolean isBroken;

    private record Recorded(RecordedFeed feed, FeedRecorder recorder, FeedFiles files) {
        private long lost() {
            return recorder.refused() + files.lost();
        }

        private RecordingReport report(final boolean isBroken) {
            final Path current = files.current();
            return new RecordingReport(feed.directory().toString(), current == null ? null
                : current.getFileName().toString(), isBroken ? BROKEN : files.failure(), files.messages(), lost());
        }
    }

    private RelayRecorder(final RecordConfig config, final Map<Integer, RecordedFeed> recorded,
            final RecordingClock clock, final RecordDisk disk, final RecordFolders folders) {
        this.folders = folders;
        thread.setDaemon(true);
        if (recorded.isEmpty()) {
            writer = null;
            return;
        }
        final RecordBuffer buffer = new RecordBuffer(config.bufferBytes());
        writer = new RecordWriter(buffer, config, disk, clock, folders);
        recorded.forEach((number, feed) -> {
            final FeedRecorder recorder = new FeedRecorder(buffer, clock, feeds.size());
            feeds.add(new Recorded(feed, recorder, writer.add(feed, recorder)));
            byNumber.put(number, feeds.get(feeds.size() - 1));
        });
    }

    /**
     * Of the feeds that have a directory for it, which it holds from now on; {@code venues} are theirs, in their order.
     *
     * @throws IllegalArgumentException if another relay records in one of them
     */
    public static RelayRecorder of(final RelayConfig config, final List<Venue> venues, final RecordingClock clock) {
        final Map<Integer, RecordedFeed> recorded = new LinkedHashMap<>();
        int number = 0;
        for (final FeedConfig feed : config.feeds().values()) {
            final Venue venue = venues.get(number);
            if (feed.record() != null) {
                recorded.put(number, RecordedFeed.of(feed, venue));
            }
            number++;
        }
        final RecordFolders folders = new RecordFolders("process " + ProcessHandle.current().pid()
            + ", server.port = " + config.server().listen().port() + ", since "
            + Instant.now().truncatedTo(ChronoUnit.SECONDS));
        forEachDirectory(config, folders::hold);
        return new RelayRecorder(config.record(), recorded, clock, RecordDisk.LOCAL, folders);
    }

    /**
     * Looks whether this configuration could be started in the place of the running one.
     *
     * @throws IllegalArgumentException if another relay records in one of its directories
     */
    public void check(final RelayConfig next) {
        forEachDirectory(next, folders::refuseHeld);
    }

    /** What may fail for the disk's sake. */
    private interface Hold {
        void of(Path directory) throws IOException;
    }

    private static void forEachDirectory(final RelayConfig config, final Hold hold) {
        config.feeds().forEach((key, feed) -> {
            try {
                if (feed.record() != null) {
                    hold.of(Path.of(feed.record()));
                }
            } catch (final RecordFolders.HeldException e) {
                throw new IllegalArgumentException(key + ".record: " + e.getMessage(), e);
            } catch (final IOException e) {
                LOG.debug("record: the disk fails; that is reported when there is something to record", e);
            }
        });
    }

    /** The same connections, recorded if the feed of this number is. */
    public UpstreamFactory over(final int feed, final UpstreamFactory upstreams) {
        final Recorded recorded = byNumber.get(feed);
        return recorded == null ? upstreams
            : new RecordedUpstreams(upstreams, recorded.recorder);
    }

    /** What the operator sees of a feed's recording; null if it is not recorded. Any thread. */
    public RecordingReport report(final int feed) {
        final Recorded recorded = byNumber.get(feed);
        return recorded == null ? null : recorded.report(isBroken);
    }

    /** The answers of a feed, with its recording. */
    public Supplier<CompletableFuture<FeedReport>> withRecording(final int feed,
            final Supplier<CompletableFuture<FeedReport>> answers) {
        return () -> answers.get().thenApply(report -> report.with(report(feed)));
    }

    /** Registers the counts. */
    public void register(final Telemetry telemetry) {
        for (final Recorded each : feeds) {
            final String name = each.feed.name();
            telemetry.count("penstock_record_messages_total", "Messages in the recording of the feed.",
                each.files::messages, "feed", name);
            telemetry.count("penstock_record_bytes_total", "Compressed bytes of the recording of the feed.",
                each.files::writtenBytes, "feed", name);
            telemetry.count("penstock_record_lost_total", "Messages that are missing in the recording of the feed: the "
                + "disk was full, failed, or was too slow.", each::lost, "feed", name);
            telemetry.gauge("penstock_record_failing", "1 while the disk does not take the recording of the feed.",
                () -> each.files.failure() == null && !isBroken ? 0 : 1, "feed", name);
        }
    }

    /** Starts to write. */
    public void start() {
        if (writer != null) {
            thread.start();
        }
    }

    /** Writes what waits, two seconds at most. */
    @Override
    public void close() {
        isStopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_WITHIN_MS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("record: the disk is slow, and the ends of the recordings are missing");
        }
        folders.close();
    }

    private void run() {
        try {
            while (!isStopping) {
                if (writer.doWork() == 0) {
                    LockSupport.parkNanos(IDLE_NS);
                }
            }
            writer.close();
        } catch (final RuntimeException e) {
            isBroken = true;
            LOG.error("record: internal error, nothing is recorded until the next start; the feeds go on", e);
        }
    }
}
