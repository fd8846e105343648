package penstock.recording.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.Comparator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.RecordConfig;
import penstock.recording.RecordingFiles;
import penstock.thread.ThreadOwner;

/**
 * Which files are kept: those of all feeds together are no larger than {@code record.keep} and a second's data, none of
 * them is older than {@code record.keep-for}. The oldest go first; a file that is written stays. Owned by the thread
 * {@code record}.
 */
final class RecordKeep {
    private static final Logger LOG = LoggerFactory.getLogger(RecordKeep.class);

    private final ThreadOwner owner = new ThreadOwner();
    private final RecordConfig config;
    private final Set<Path> known = new HashSet<>();
    private final Map<RecordingFiles, Kept> files = new TreeMap<>(
        Comparator.comparingLong(RecordingFiles::fromNs).thenComparing(RecordingFiles::messages));
    private long bytes;

    /** {@code endNs}: the time of the newest message; 0 while the file is written. */
    private record Kept(long bytes, long endNs) {
    }

    RecordKeep(final RecordConfig config) {
        this.config = config;
    }

    /** Bytes of all files. */
    long bytes() {
        return bytes;
    }

    /** Counts what earlier relays have left in a directory. */
    void add(final Path directory) {
        if (!known.add(directory) || !Files.isDirectory(directory)) {
            return;
        }
        try {
            for (final RecordingFiles each : RecordingFiles.in(directory, null)) {
                grow(each, Files.size(each.messages())
                    + (Files.exists(each.times()) ? Files.size(each.times()) : 0));
                close(each, Files.getLastModifiedTime(each.messages()).toMillis() * 1_000_000);
            }
        } catch (final IOException e) {
            LOG.warn("record: the files in {} cannot be counted, so record.keep does not apply to them: {}", directory,
                e.toString());
        }
    }

    /** A file has grown to {@code size}; returns by how many bytes. */
    long grow(final RecordingFiles file, final long size) {
        final Kept before = files.put(file, new Kept(size, 0));
        final long more = size - (before == null ? 0 : before.bytes);
        bytes += more;
        return more;
    }

    /** A file is complete. */
    void close(final RecordingFiles file, final long endNs) {
        final Kept kept = files.get(file);
        if (kept != null) {
            files.put(file, new Kept(kept.bytes, endNs));
        }
    }

    /** A file is gone. */
    void forget(final RecordingFiles file) {
        final Kept gone = files.remove(file);
        bytes -= gone == null ? 0 : gone.bytes;
    }

    /** Deletes what is too old, or too much. */
    void makeRoom(final long nowNs) {
        assert owner.check();
        for (final RecordingFiles file : files.keySet().toArray(RecordingFiles[]::new)) {
            final Kept kept = files.get(file);
            final boolean isOld = nowNs - kept.endNs > config.keepForMs() * 1_000_000;
            if (kept.endNs > 0 && (isOld || bytes > config.keepBytes())) {
                delete(file);
            }
        }
    }

    /** A file that cannot be deleted is not tried again. */
    private void delete(final RecordingFiles file) {
        try {
            Files.deleteIfExists(file.messages());
            Files.deleteIfExists(file.times());
        } catch (final IOException e) {
            LOG.warn("record: {} is too old or too much, and cannot be deleted: {}", file.messages(), e.toString());
        }
        forget(file);
    }
}
