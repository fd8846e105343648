package penstock.recording.write;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.FeedConfig;
import penstock.config.relay.RecordConfig;
import penstock.config.relay.RelayConfig;
import penstock.feed.report.RecordingReport;
import penstock.recording.RecordingClock;
import penstock.telemetry.Telemetry;
import penstock.venue.Venue;

/**
 * The recordings of a relay, with their thread, which begins with the first of them. Owned by the threads that start,
 * reload and stop the relay, one at a time; readings are for any.
 */
public final class RelayRecorder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayRecorder.class);
    /** With half of a buffer of 8 MiB free, 400 MB/s find room. */
    private static final long IDLE_NS = 10_000_000;
    private static final long CLOSE_WITHIN_MS = 2_000;

    private final RecordConfig config;
    private final RecordingClock clock;
    private final Telemetry telemetry;
    /** By the places of their feeds. */
    private final Map<Integer, FeedRecording> running = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::run, "record");
    private final RecordFolders folders;
    /** Null while no feed is recorded. */
    private RecordBuffer buffer;
    private volatile RecordWriter writer;
    private int prepared;
    private volatile boolean isStopping;
    private volatile boolean isBroken;

    /**
     * Of no feed so far, but it holds the directories of {@code config} from now on.
     *
     * @throws IllegalArgumentException if another relay records in one of them
     */
    public RelayRecorder(final RelayConfig config, final RecordingClock clock, final Telemetry telemetry) {
        this.config = config.record();
        this.clock = clock;
        this.telemetry = telemetry;
        thread.setDaemon(true);
        folders = new RecordFolders("process " + ProcessHandle.current().pid() + ", server.port = "
            + config.server().listen().port() + ", since " + Instant.now().truncatedTo(ChronoUnit.SECONDS));
        forEachDirectory(config, folders::hold);
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

    /**
     * How the feed of a place is to be recorded; null if it is not. The recording of an earlier one goes on if it would
     * be the same.
     */
    public FeedRecording prepare(final int place, final FeedConfig feed, final Venue venue) {
        if (feed.record() == null) {
            return null;
        }
        final RecordedFeed next = RecordedFeed.of(feed, venue);
        final FeedRecording present = running.get(place);
        if (present != null && present.feed().equals(next)) {
            return present;
        }
        if (writer == null) {
            buffer = new RecordBuffer(config.bufferBytes());
            writer = new RecordWriter(buffer, config, RecordDisk.LOCAL, clock, folders);
        }
        final FeedRecorder recorder = new FeedRecorder(buffer, clock, prepared++);
        return new FeedRecording(next, recorder, writer.add(next, recorder), () -> isBroken);
    }

    /** The feed of a place is recorded so from now on; null = it is not. */
    public void begin(final int place, final FeedRecording next) {
        final FeedRecording before = next == null ? running.remove(place) : running.put(place, next);
        if (before != null && before != next) {
            writer.end(before.recorder());
        }
        if (next != null) {
            if (thread.getState() == Thread.State.NEW) {
                thread.start();
            }
        }
    }

    /** Registers the counts of a recording. */
    public void register(final FeedRecording recording) {
        recording.register(telemetry);
    }

    /** What the operator sees of the recording of the feed of a place; null if it is not recorded. Any thread. */
    public RecordingReport report(final int place) {
        final FeedRecording recording = running.get(place);
        return recording == null ? null : recording.report();
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
