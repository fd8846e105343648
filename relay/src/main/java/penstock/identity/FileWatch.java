package penstock.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Objects;

/**
 * Notices that a file changed, by its time, its size, and which file it is: a rename may put another one in its place.
 * A file that was modified within the last 2 s counts as changed: it may change again within one tick of its clock.
 * Owned by the thread that reads the file.
 */
public final class FileWatch {
    private static final long SETTLED_MS = 2_000;

    private record Stamp(FileTime modified, long size, Object key) {
    }

    private final Path file;
    private final Clock clock;
    private Stamp last;

    /** The first call of {@link #mayHaveChanged} says yes. */
    public FileWatch(final Path file, final Clock clock) {
        this.file = file;
        this.clock = clock;
        last = new Stamp(null, -1, null);
    }

    /** True if the file may differ from what it was at the last call: read it after the call, not before. */
    public boolean mayHaveChanged() {
        final Stamp now = stamp();
        final boolean changed = !Objects.equals(now, last);
        final boolean isSettled = now == null || now.modified.toMillis() + SETTLED_MS < clock.millis();
        last = isSettled ? now : new Stamp(null, -1, null);
        return changed;
    }

    /** Null if there is no such file. */
    private Stamp stamp() {
        try {
            final BasicFileAttributes file = Files.readAttributes(this.file, BasicFileAttributes.class);
            return new Stamp(file.lastModifiedTime(), file.size(), file.fileKey());
        } catch (final IOException absent) {
            return null;
        }
    }
}
