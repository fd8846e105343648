package penstock.recording.write;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.RecordConfig;
import penstock.recording.RecordingClock;
import penstock.recording.RecordingMark;
import penstock.venue.spec.PayloadCodec;

/**
 * Takes messages from the buffer and writes them to the files of their feeds; flushes once a second. Owned by the
 * thread {@code record}.
 */
final class RecordWriter implements RecordBuffer.Taker {
    private static final Logger LOG = LoggerFactory.getLogger(RecordWriter.class);
    private static final int LIMIT = 1_024;
    private static final long FLUSH_NS = 1_000_000_000;
    private static final long CALM_NS = 60_000_000_000L;

    private final RecordBuffer buffer;
    private final RecordConfig config;
    private final RecordDisk disk;
    private final RecordingClock clock;
    private final RecordFolders folders;
    private final RecordKeep keep;
    /** By the numbers of their recorders. */
    private final Map<Integer, Target> targets = new ConcurrentSkipListMap<>();
    /** Those whose feed is recorded to other files by now, or to none. */
    private final Queue<Integer> ended = new ConcurrentLinkedQueue<>();
    private long flushedNs;

    /** One feed. */
    private static final class Target {
        private final RecordedFeed feed;
        private final FeedRecorder recorder;
        private final FeedFiles files;
        private final PayloadCodec codec;
        private long refused;
        private long refusedNs;
        private boolean isAlarmed;
        private boolean isKept;

        private Target(final RecordedFeed feed, final FeedRecorder recorder, final FeedFiles files) {
            this.feed = feed;
            this.recorder = recorder;
            this.files = files;
            codec = feed.payload() == PayloadCodec.Kind.NONE ? null
                : new PayloadCodec(feed.payload(), feed.maxInflatedBytes());
        }
    }

    RecordWriter(final RecordBuffer buffer, final RecordConfig config, final RecordDisk disk,
            final RecordingClock clock, final RecordFolders folders) {
        this.buffer = buffer;
        this.folders = folders;
        this.config = config;
        this.disk = disk;
        this.clock = clock;
        keep = new RecordKeep(config);
        flushedNs = clock.monotonicNs();
    }

    /** One more feed, with the number of its recorder. Any thread. */
    FeedFiles add(final RecordedFeed feed, final FeedRecorder recorder) {
        final FeedFiles files = new FeedFiles(feed, config, disk, clock, folders, keep);
        targets.put(recorder.feed(), new Target(feed, recorder, files));
        return files;
    }

    /** Nothing more comes from this recorder: its file ends when all of it is written. Any thread. */
    void end(final FeedRecorder recorder) {
        ended.add(recorder.feed());
    }

    /** Takes what waits; returns how much there was. */
    int doWork() {
        final Integer ending = ended.peek();
        final int work = buffer.poll(this, LIMIT);
        if (ending != null && work < LIMIT) {
            close(targets.remove(ended.remove()));
        }
        final long nowNs = clock.monotonicNs();
        if (nowNs - flushedNs >= FLUSH_NS) {
            flushedNs = nowNs;
            targets.values().forEach(this::flush);
            keep.makeRoom(clock.nowNs());
            targets.values().forEach(target -> watch(target, nowNs));
        }
        return work;
    }

    private void flush(final Target target) {
        count(target);
        target.files.flush();
    }

    /** What earlier relays have left counts before anything is written. */
    private void count(final Target target) {
        if (!target.isKept) {
            target.isKept = true;
            keep.add(target.feed.directory());
        }
    }

    /** Takes everything and ends the files. */
    void close() {
        int work = 1;
        while (work > 0) {
            work = buffer.poll(this, LIMIT);
        }
        targets.values().forEach(this::close);
    }

    private void close(final Target target) {
        final long missing = target.recorder.takeUnmarked();
        if (missing > 0) {
            target.files.mark(RecordingMark.LOST, clock.nowNs(), Long.toString(missing));
        }
        target.files.close();
    }

    @Override
    public void take(final Arrival arrival, final byte[] bytes, final int length) {
        final Target target = targets.get(arrival.feed);
        if (target == null) {
            return;
        }
        count(target);
        final FeedFiles files = target.files;
        if (arrival.missing > 0) {
            files.mark(RecordingMark.LOST, arrival.receivedNs, Long.toString(arrival.missing));
        }
        switch (arrival.type) {
            case Arrival.TEXT -> files.message(RecordingMark.TEXT, arrival, bytes, length);
            case Arrival.BINARY -> binary(target, arrival, bytes, length);
            case Arrival.FETCHED -> files.message(RecordingMark.FETCHED, arrival, bytes, length);
            default -> files.mark(arrival.type == Arrival.OPEN ? RecordingMark.OPEN : RecordingMark.CLOSE,
                arrival.receivedNs, arrival.connection + " " + new String(bytes, 0, length, StandardCharsets.UTF_8));
        }
    }

    private static void binary(final Target target, final Arrival arrival, final byte[] bytes, final int length) {
        if (target.codec == null) {
            target.files.message(RecordingMark.BINARY, arrival, bytes, length);
        } else if (target.codec.decode(bytes, 0, length) == null) {
            target.files.message(RecordingMark.BINARY, arrival, target.codec.buffer(), target.codec.length());
        } else {
            target.files.message(RecordingMark.PACKED, arrival, bytes, length);
        }
    }

    /** One alarm when messages begin to find no room, and one line when they have found it for a minute. */
    private void watch(final Target target, final long nowNs) {
        final long refused = target.recorder.refused();
        if (refused != target.refused) {
            target.refused = refused;
            target.refusedNs = nowNs;
            if (!target.isAlarmed) {
                target.isAlarmed = true;
                LOG.error("record: feed {}: messages are missing in the recording, {} so far: they come faster than "
                    + "the disk takes them, and record.buffer is full; the feed goes on", target.feed.name(), refused);
            }
        } else if (target.isAlarmed && nowNs - target.refusedNs >= CALM_NS) {
            target.isAlarmed = false;
            LOG.info("record: feed {} is recorded in full again; {} messages are missing, and marks say where",
                target.feed.name(), refused);
        }
    }
}
