package penstock.usage.ledger;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.YearMonth;

/**
 * Appends lines to the newest file of a ledger. After a failed write the file ends where it ended before, so that the
 * same lines, or others, can be appended later. Owned by the thread that writes the ledger.
 */
public final class LedgerAppender implements Closeable {
    private final Path directory;
    private final LedgerDisk disk;
    private FileChannel channel;
    private YearMonth month;
    private long length;
    private volatile String lastHash = Chain.START;
    private boolean isLonger;
    private YearMonth tried;

    private LedgerAppender(final Path directory, final LedgerDisk disk) {
        this.directory = directory;
        this.disk = disk;
    }

    /** A ledger without any complete line. */
    static LedgerAppender empty(final Path directory, final LedgerDisk disk) {
        return new LedgerAppender(directory, disk);
    }

    /**
     * Continues a file behind its last complete line, and cuts off what follows that.
     *
     * @throws IOException if it cannot be opened or cut
     */
    static LedgerAppender behind(final Path directory, final YearMonth month, final ScannedFile scanned,
            final LedgerDisk disk) throws IOException {
        final LedgerAppender appender = new LedgerAppender(directory, disk);
        appender.channel = disk.open(LedgerFiles.of(directory, month));
        appender.month = month;
        appender.length = scanned.goodBytes();
        appender.lastHash = scanned.lastHash() == null ? Chain.START : scanned.lastHash();
        appender.isLonger = true;
        try {
            appender.cut();
        } catch (final IOException e) {
            appender.close();
            throw e;
        }
        return appender;
    }

    /** The month of the file; null before the first {@link #begin}. */
    public YearMonth month() {
        return month;
    }

    /** The hash of the last line; any thread. */
    public String lastHash() {
        return lastHash;
    }

    /** Lines to append next. */
    public LedgerLines lines() {
        return new LedgerLines(lastHash);
    }

    /**
     * Appends lines, which began as {@link #lines()}.
     *
     * @throws IOException if the disk takes not all of them; none of them counts as written then
     */
    public void append(final LedgerLines lines) throws IOException {
        if (!lines.isEmpty()) {
            cut();
            write(lines);
        }
    }

    /**
     * Begins the file of a later month with these lines, and leaves the former.
     *
     * @throws IOException if that fails: the former file is still the newest then
     */
    public void begin(final YearMonth next, final LedgerLines lines) throws IOException {
        if (channel != null) {
            cut();
            channel.force(true);
        }
        final LedgerAppender begun = new LedgerAppender(directory, disk);
        begun.channel = disk.open(LedgerFiles.of(directory, next));
        try {
            if (begun.channel.size() > 0 && !next.equals(tried)) {
                throw new IOException(LedgerFiles.of(directory, next) + " exists already");
            }
            tried = next;
            begun.channel.truncate(0);
            begun.write(lines);
            begun.force();
        } catch (final IOException e) {
            begun.close();
            throw e;
        }
        close();
        channel = begun.channel;
        month = next;
        length = begun.length;
        lastHash = begun.lastHash;
        forceDirectory();
    }

    /**
     * Waits until the disk has all lines.
     *
     * @throws IOException if the disk reports an error
     */
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }

    private void write(final LedgerLines lines) throws IOException {
        final ByteBuffer bytes = ByteBuffer.wrap(lines.toBytes());
        isLonger = true;
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes, length + bytes.position());
            }
        } catch (final IOException e) {
            cutAfter(e);
            throw e;
        }
        length += bytes.limit();
        isLonger = false;
        lastHash = lines.lastHash();
    }

    private void cutAfter(final IOException failure) {
        try {
            cut();
        } catch (final IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void cut() throws IOException {
        if (isLonger) {
            channel.truncate(length);
            isLonger = false;
        }
    }

    /** Makes the name of a new file durable, where the platform can do that. */
    private void forceDirectory() {
        try (FileChannel folder = Files.isDirectory(directory)
            ? FileChannel.open(directory, StandardOpenOption.READ) : null) {
            if (folder != null) {
                folder.force(true);
            }
        } catch (final IOException unsupported) {
            return;
        }
    }
}
