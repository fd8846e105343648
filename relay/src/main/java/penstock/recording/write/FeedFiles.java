package penstock.recording.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.RecordConfig;
import penstock.json.Utf8;
import penstock.recording.RecordingClock;
import penstock.recording.RecordingFiles;
import penstock.recording.RecordingMark;
import penstock.thread.ThreadOwner;

/**
 * The files that one feed is recorded to: one at a time. After an error of the disk it gives the file up, which ends
 * at its last flush then, and tries to begin another one every five seconds; what comes meanwhile is counted, and the
 * new file begins with a mark of it. Owned by the thread {@code record}; any thread may read the counts.
 */
final class FeedFiles {
    private static final Logger LOG = LoggerFactory.getLogger(FeedFiles.class);
    private static final long RETRY_NS = 5_000_000_000L;
    private static final byte LINE_END = '\n';

    private final ThreadOwner owner = new ThreadOwner();
    private final RecordedFeed feed;
    private final RecordConfig config;
    private final RecordDisk disk;
    private final RecordingClock clock;
    private final RecordFolders folders;
    private final RecordKeep keep;
    private final byte[] digits = new byte[20];
    private final byte[] line = new byte[96];
    /** Null between two files. */
    private OpenFile open;
    private long retryNs;
    private long lastNs;
    private long unmarked;
    private volatile long messages;
    private volatile long lost;
    private volatile long writtenBytes;
    private volatile String failure;
    private volatile Path current;

    /** A file, and how many of its messages no reader is sure to see yet. */
    private record OpenFile(RecordingFiles files, FlushedGzip messages, FlushedGzip times, long[] unflushed) {
        private long bytes() throws IOException {
            return messages.bytes() + times.bytes();
        }
    }

    FeedFiles(final RecordedFeed feed, final RecordConfig config, final RecordDisk disk, final RecordingClock clock,
            final RecordFolders folders, final RecordKeep keep) {
        this.feed = feed;
        this.config = config;
        this.disk = disk;
        this.clock = clock;
        this.folders = folders;
        this.keep = keep;
    }

    /** Messages written. */
    long messages() {
        return messages;
    }

    /** Messages that the disk did not take. */
    long lost() {
        return lost;
    }

    /** Compressed bytes written. */
    long writtenBytes() {
        return writtenBytes;
    }

    /** Why nothing is written; null while it is. */
    String failure() {
        return failure;
    }

    /** The file that is written; null between two. */
    Path current() {
        return current;
    }

    /** Writes a message; {@code kind} is its form, without what is behind it. */
    void message(final String kind, final Arrival arrival, final byte[] bytes, final int length) {
        assert owner.check();
        if (!isOpen(arrival.receivedNs, 1)) {
            return;
        }
        try {
            final boolean isLine = isLine(bytes, length);
            if (isLine) {
                open.messages.write(bytes, 0, length);
            } else {
                final byte[] coded = Base64.getEncoder().encode(ByteBuffer.wrap(bytes, 0, length)).array();
                open.messages.write(coded, 0, coded.length);
            }
            open.messages.write(LINE_END);
            time(arrival, kind, isLine);
            open.unflushed[0]++;
        } catch (final IOException e) {
            fail(e, 1);
        }
    }

    /** Writes a mark. */
    void mark(final RecordingMark mark, final long receivedNs, final String words) {
        assert owner.check();
        if (isOpen(receivedNs, 0)) {
            try {
                put(mark.line(receivedNs, words));
            } catch (final IOException e) {
                fail(e, 0);
            }
        }
    }

    /** Lets readers see everything, and ends a file that is large or old. To be called once a second. */
    void flush() {
        assert owner.check();
        if (open == null) {
            return;
        }
        try {
            // a time without its message would be a mistake of the file; the other way round it is an end
            open.messages.flush();
            open.times.flush();
            open.messages.keep();
            open.times.keep();
            messages += open.unflushed[0];
            open.unflushed[0] = 0;
            writtenBytes += keep.grow(open.files, open.bytes());
            if (open.bytes() >= config.maxSizeBytes()
                    || clock.nowNs() - open.files.fromNs() >= config.maxAgeMs() * 1_000_000) {
                close();
            }
        } catch (final IOException e) {
            fail(e, 0);
        }
    }

    /** Ends the file. */
    void close() {
        assert owner.check();
        if (open == null) {
            return;
        }
        final OpenFile ended = open;
        try {
            ended.messages.close();
            ended.times.close();
            messages += ended.unflushed[0];
            writtenBytes += keep.grow(ended.files, Files.size(ended.files.messages())
                + Files.size(ended.files.times()));
            open = null;
            current = null;
            keep.close(ended.files, clock.nowNs());
        } catch (final IOException e) {
            fail(e, 0);
        }
    }

    /** {@code count}: messages that are lost if it is not. */
    private boolean isOpen(final long receivedNs, final int count) {
        if (open == null && (failure == null || clock.monotonicNs() - retryNs >= 0)) {
            begin(receivedNs);
        }
        if (open == null) {
            lost += count;
            unmarked += count;
        }
        return open != null;
    }

    /** Named by the time of the first message: no file has what is older than its name, or newer than the next. */
    private void begin(final long receivedNs) {
        lastNs = Math.max(receivedNs, lastNs + 1_000_000);
        final RecordingFiles files = RecordingFiles.named(feed.directory(), feed.name(), lastNs);
        FlushedGzip first = null;
        try {
            folders.hold(feed.directory());
            keep.makeRoom(clock.nowNs());
            first = FlushedGzip.create(disk, files.messages());
            open = new OpenFile(files, first, FlushedGzip.create(disk, files.times()), new long[1]);
            current = files.messages();
            put(RecordingMark.begin(clock, feed.venue()));
            if (unmarked > 0) {
                put(RecordingMark.LOST.line(receivedNs, Long.toString(unmarked)));
            }
            // the disk may take the names of files and nothing in them
            open.messages.flush();
            open.times.flush();
            open.messages.keep();
            open.times.keep();
        } catch (final IOException e) {
            if (open == null) {
                if (first != null) {
                    first.abandon();
                }
                delete(files);
            }
            fail(e, 0);
            return;
        }
        if (failure != null) {
            LOG.info("record: feed {} is recorded again, to {}; {} messages are missing before it, and a mark says so",
                feed.name(), files.messages(), unmarked);
            failure = null;
        }
        unmarked = 0;
    }

    private void fail(final IOException e, final int count) {
        final boolean isFirst = failure == null;
        failure = String.valueOf(e);
        retryNs = clock.monotonicNs() + RETRY_NS;
        final long missing = count + (open == null ? 0 : open.unflushed[0]);
        lost += missing;
        unmarked += missing;
        if (open != null) {
            final OpenFile given = open;
            open = null;
            current = null;
            given.messages.abandon();
            given.times.abandon();
            keepOrDelete(given.files);
        }
        if (isFirst) {
            LOG.error("record: feed {} cannot be recorded in {}: {}; the feed goes on, its messages are missing in the "
                + "recording until the disk takes them again", feed.name(), feed.directory(), failure);
        }
    }

    /** A file that took nothing would only take a name from the next one. */
    private void keepOrDelete(final RecordingFiles files) {
        try {
            if (Files.size(files.messages()) == 0 || Files.size(files.times()) == 0) {
                delete(files);
            } else {
                keep.close(files, clock.nowNs());
            }
        } catch (final IOException e) {
            keep.close(files, clock.nowNs());
        }
    }

    private void delete(final RecordingFiles files) {
        try {
            Files.deleteIfExists(files.messages());
            Files.deleteIfExists(files.times());
        } catch (final IOException e) {
            LOG.warn("record: {} is empty and cannot be deleted: {}", files.messages(), e.toString());
        }
        keep.forget(files);
    }

    private void put(final String mark) throws IOException {
        final byte[] bytes = mark.getBytes(StandardCharsets.UTF_8);
        open.times.write(bytes, 0, bytes.length);
        open.times.write(LINE_END);
    }

    /** {@code NS CONNECTION FORM}, without garbage for each message. */
    private void time(final Arrival arrival, final String kind, final boolean isLine) throws IOException {
        int at = number(0, arrival.receivedNs);
        line[at++] = ' ';
        at = number(at, arrival.connection);
        line[at++] = ' ';
        at = text(at, kind);
        at = isLine ? at : text(at, RecordingMark.BASE64);
        at = arrival.type == Arrival.FETCHED ? text(text(at, ":"), Long.toHexString(arrival.key)) : at;
        line[at++] = LINE_END;
        open.times.write(line, 0, at);
    }

    private int number(final int at, final long value) {
        int count = 0;
        for (long left = value; left > 0 || count == 0; left /= 10) {
            digits[count++] = (byte) ('0' + left % 10);
        }
        for (int i = 0; i < count; i++) {
            line[at + i] = digits[count - 1 - i];
        }
        return at + count;
    }

    private int text(final int at, final String ascii) {
        for (int i = 0; i < ascii.length(); i++) {
            line[at + i] = (byte) ascii.charAt(i);
        }
        return at + ascii.length();
    }

    private static boolean isLine(final byte[] bytes, final int length) {
        boolean isAscii = true;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                return false;
            }
            isAscii &= bytes[i] >= 0;
        }
        return isAscii || Utf8.errorAt(bytes, 0, length) < 0;
    }
}
