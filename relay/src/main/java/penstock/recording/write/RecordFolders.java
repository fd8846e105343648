package penstock.recording.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.text.PrintableText;

/**
 * The directories that a relay records in. It holds a lock in each of them: a second relay would delete files of the
 * first one, by its own {@code record.keep}. Any thread, under one lock.
 */
final class RecordFolders implements AutoCloseable {
    /** The file that is locked; it says who has done so. */
    static final String LOCK = "record.lock";

    private static final Logger LOG = LoggerFactory.getLogger(RecordFolders.class);
    private static final int MAX_OWNER_BYTES = 200;

    private final String relay;
    private final Map<Path, FileChannel> held = new HashMap<>();

    /** Another relay records in the directory. */
    static final class HeldException extends IOException {
        private static final long serialVersionUID = 1;

        private HeldException(final Path directory, final String other) {
            super(directory + ": another relay records here" + (other.isEmpty() ? "" : " (" + other + ")")
                + ": give each relay a directory of its own");
        }
    }

    /** {@code relay}: who holds them, for people. */
    RecordFolders(final String relay) {
        this.relay = relay;
    }

    /**
     * Creates a directory, if it is not there, and holds it.
     *
     * @throws HeldException if another relay does
     */
    synchronized void hold(final Path directory) throws IOException {
        Files.createDirectories(directory);
        final Path real = directory.toRealPath();
        if (!held.containsKey(real)) {
            final FileChannel channel = FileChannel.open(real.resolve(LOCK), StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
            refuseHeld(directory, channel);
            held.put(real, channel);
            sign(channel);
        }
    }

    /**
     * Changes nothing.
     *
     * @throws HeldException if another relay holds the directory
     */
    synchronized void refuseHeld(final Path directory) throws IOException {
        if (!Files.exists(directory.resolve(LOCK)) || held.containsKey(directory.toRealPath())) {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory.resolve(LOCK), StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            refuseHeld(directory, channel);
        }
    }

    @Override
    public synchronized void close() {
        for (final Map.Entry<Path, FileChannel> each : held.entrySet()) {
            try {
                each.getValue().close();
            } catch (final IOException e) {
                LOG.warn("record: the lock of {} cannot be closed: {}", each.getKey(), e.toString());
            }
        }
        held.clear();
    }

    /** Locks the file until the channel is closed. */
    private static void refuseHeld(final Path directory, final FileChannel channel) throws IOException {
        boolean isHeld;
        try {
            isHeld = channel.tryLock() == null;
        } catch (final OverlappingFileLockException ofThisProcess) {
            isHeld = true;
        } catch (final IOException e) {
            LOG.warn("record: {} takes no locks, so nothing refuses a second relay that records there: {}", directory,
                e.toString());
            return;
        }
        if (isHeld) {
            final String other = owner(channel);
            channel.close();
            throw new HeldException(directory, other);
        }
    }

    private static String owner(final FileChannel channel) {
        final ByteBuffer bytes = ByteBuffer.allocate(MAX_OWNER_BYTES);
        try {
            channel.read(bytes, 0);
        } catch (final IOException unknown) {
            return "";
        }
        return PrintableText.excerpt(bytes.array(), 0, bytes.position()).strip();
    }

    /** Who it is helps the operator; a full disk takes no word. */
    private void sign(final FileChannel channel) {
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(relay.getBytes(StandardCharsets.UTF_8)), 0);
        } catch (final IOException e) {
            LOG.debug("record: the lock has no name", e);
        }
    }
}
