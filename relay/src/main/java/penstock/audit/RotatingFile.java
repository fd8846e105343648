package penstock.audit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of lines that is renamed to {@code FILE.1} when it is full, and older ones to {@code FILE.2} and so on; the
 * oldest is deleted. If another program renames or deletes it, the next line begins a new one. A disk that is full
 * loses lines, which are counted, and is logged once; the first line that fits again begins a line of its own.
 *
 * <p>Owned by the thread that writes.
 */
final class RotatingFile extends OutputStream {
    private static final Logger LOG = LoggerFactory.getLogger(RotatingFile.class);
    private static final Set<StandardOpenOption> APPEND = Set.of(StandardOpenOption.CREATE,
        StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private final Path path;
    private final long maxBytes;
    private final int files;
    private final LongAdder lost;
    private FileChannel channel;
    private Object key;
    private long size;
    private boolean isFailing;

    /**
     * Opens it.
     *
     * @param maxBytes of one file
     * @param files    how many there are, with the one that is written
     */
    RotatingFile(final Path path, final long maxBytes, final int files, final LongAdder lost) throws IOException {
        this.path = path;
        this.maxBytes = maxBytes;
        this.files = files;
        this.lost = lost;
        open();
    }

    @Override
    public void write(final int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** Appends a whole line. */
    @Override
    public void write(final byte[] bytes, final int offset, final int length) {
        try {
            if (!path.equals(currentPath())) {
                close();
                open();
            } else if (size > 0 && size + length > maxBytes) {
                rotate();
            }
            if (isFailing && size > 0) {
                append(ByteBuffer.wrap(new byte[] {'\n'}));
            }
            append(ByteBuffer.wrap(bytes, offset, length));
            isFailing = false;
        } catch (final IOException e) {
            lost.increment();
            if (!isFailing) {
                isFailing = true;
                LOG.error("audit.file: {} cannot be written, and lines are lost until it can: {}", path, e.toString());
            }
        }
    }

    /** Where the open file is; null if it is elsewhere by now, or closed. */
    private Path currentPath() throws IOException {
        try {
            return channel.isOpen() && key(path).equals(key) ? path : null;
        } catch (final NoSuchFileException gone) {
            return null;
        }
    }

    private void append(final ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            size += channel.write(bytes);
        }
    }

    private void rotate() throws IOException {
        close();
        for (int number = files - 1; number > 0; number--) {
            final Path older = number == 1 ? path : numbered(number - 1);
            if (Files.exists(older)) {
                Files.move(older, numbered(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (files == 1) {
            Files.delete(path);
        }
        open();
    }

    private Path numbered(final int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    /** Names of clients and their addresses are for the operator and the group alone. */
    private void open() throws IOException {
        final FileAttribute<?>[] access = path.getFileSystem().supportedFileAttributeViews().contains("posix")
            ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))}
            : new FileAttribute<?>[0];
        channel = FileChannel.open(path, APPEND, access);
        size = channel.size();
        key = key(path);
    }

    private static Object key(final Path path) throws IOException {
        final BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return attributes.fileKey() == null ? attributes.creationTime() : attributes.fileKey();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
