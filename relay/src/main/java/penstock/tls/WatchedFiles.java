package penstock.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Files that belong together and are read again when they change. Used by one thread at a time. */
public final class WatchedFiles {
    private final List<Path> files;
    private List<Object> used;
    private List<Object> seen;

    /** As they are now; null = no such file. */
    public WatchedFiles(final String... files) {
        this.files = Stream.of(files).filter(Objects::nonNull).map(Path::of).toList();
        used = stamps();
        seen = used;
    }

    /**
     * Whether to read them again, which is said once for each change: when they have been the same for two calls,
     * because certificate and key change one after the other.
     */
    public boolean isChanged() {
        final List<Object> now = stamps();
        final boolean isSettled = now.equals(seen);
        seen = now;
        if (!isSettled || now.equals(used)) {
            return false;
        }
        used = now;
        return true;
    }

    private List<Object> stamps() {
        return files.stream().map(WatchedFiles::stamp).toList();
    }

    /** Size, time and identity: a file that is replaced by renaming another may have the same time. */
    private static Object stamp(final Path file) {
        try {
            final BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(attributes.size(), attributes.lastModifiedTime(),
                Objects.requireNonNullElse(attributes.fileKey(), ""));
        } catch (final IOException e) {
            return "missing";
        }
    }
}
