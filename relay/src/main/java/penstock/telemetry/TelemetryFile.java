package penstock.telemetry;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * The layout of the memory that holds counters and distinct errors: a header, the metadata and the values of Agrona's
 * {@link CountersReader}, and the records of its {@code DistinctErrorLog}.
 *
 * <pre>
 *   0        8          16            24     28         32         36       128
 *   +--------+----------+-------------+------+----------+----------+--------+----------+--------+--------+
 *   | magic, | pid      | start,      | port | counters | bytes of | unused | metadata | values | errors |
 *   | layout |          | epoch ms    |      |          | errors   |        |          |        |        |
 *   +--------+----------+-------------+------+----------+----------+--------+----------+--------+--------+
 * </pre>
 *
 * <p>The memory is a mapped file, so that another process can read it while the relay runs, is stuck or is dead; or it
 * is anonymous. A mapping lives as long as an object that uses it. Written by the relay, read by any process.
 */
final class TelemetryFile {
    /** The name of the file in its directory. */
    static final String NAME = "telemetry.dat";
    static final int LAYOUT = 1;
    static final int MAGIC = 0x504e5354;
    static final int HEADER_BYTES = 2 * BitUtil.CACHE_LINE_LENGTH;

    private static final int LAYOUT_OFFSET = 4;
    private static final int PID_OFFSET = 8;
    private static final int START_OFFSET = 16;
    private static final int PORT_OFFSET = 24;
    private static final int COUNTERS_OFFSET = 28;
    private static final int ERROR_BYTES_OFFSET = 32;
    private static final int COUNTER_BYTES = CountersReader.METADATA_LENGTH + CountersReader.COUNTER_LENGTH;

    private final UnsafeBuffer header;
    private final UnsafeBuffer metadata;
    private final UnsafeBuffer values;
    private final UnsafeBuffer errors;

    private TelemetryFile(final ByteBuffer memory, final int counters, final int errorBytes) {
        final int valuesOffset = HEADER_BYTES + counters * CountersReader.METADATA_LENGTH;
        final int errorsOffset = valuesOffset + counters * CountersReader.COUNTER_LENGTH;
        header = new UnsafeBuffer(memory, 0, HEADER_BYTES);
        metadata = new UnsafeBuffer(memory, HEADER_BYTES, valuesOffset - HEADER_BYTES);
        values = new UnsafeBuffer(memory, valuesOffset, errorsOffset - valuesOffset);
        errors = new UnsafeBuffer(memory, errorsOffset, errorBytes);
    }

    /** Memory that no other process sees. */
    static TelemetryFile anonymous(final int counters, final int errorBytes) {
        return new TelemetryFile(ByteBuffer.allocateDirect(bytes(counters, errorBytes)), counters, errorBytes);
    }

    /**
     * Creates and maps a new file in a directory.
     *
     * @throws IOException if the file exists, or cannot be written; also if there is no room for all of it: zeros are
     *                     written first, because a page that cannot be had later would end the process
     */
    static TelemetryFile create(final Path directory, final int counters, final int errorBytes) throws IOException {
        final Path path = directory.resolve(NAME);
        final ByteBuffer zeros = ByteBuffer.allocate(bytes(counters, errorBytes));
        try (FileChannel channel = FileChannel.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
                StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            while (zeros.hasRemaining()) {
                channel.write(zeros);
            }
            final TelemetryFile file = new TelemetryFile(
                channel.map(FileChannel.MapMode.READ_WRITE, 0, zeros.capacity()), counters, errorBytes);
            file.writeHeader(counters, errorBytes);
            return file;
        } catch (final IOException e) {
            if (zeros.position() > 0) {
                Files.deleteIfExists(path);
            }
            throw e;
        }
    }

    /**
     * Maps the file of a directory for reading.
     *
     * @throws IOException if there is none, or it is not the file of a relay of this version; the message has a remedy
     */
    static TelemetryFile open(final Path directory) throws IOException {
        final Path path = directory.resolve(NAME);
        if (!Files.isRegularFile(path)) {
            throw new IOException("no relay in " + directory + ": it has no file " + NAME
                + "; name the directory that the relay logs at its start (telemetry.dir)");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            final long size = channel.size();
            if (size < HEADER_BYTES) {
                throw notOurs(path);
            }
            final ByteBuffer memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
            final UnsafeBuffer start = new UnsafeBuffer(memory, 0, HEADER_BYTES);
            if (start.getIntVolatile(0) != MAGIC) {
                throw notOurs(path);
            }
            if (start.getInt(LAYOUT_OFFSET) != LAYOUT) {
                throw new IOException(path + " has layout " + start.getInt(LAYOUT_OFFSET)
                    + ", this command reads layout " + LAYOUT + "; use the command of the version that runs there");
            }
            final int counters = start.getInt(COUNTERS_OFFSET);
            final int errorBytes = start.getInt(ERROR_BYTES_OFFSET);
            if (counters < 0 || errorBytes < 0 || size != HEADER_BYTES + (long) counters * COUNTER_BYTES + errorBytes) {
                throw notOurs(path);
            }
            return new TelemetryFile(memory, counters, errorBytes);
        }
    }

    UnsafeBuffer metadata() {
        return metadata;
    }

    UnsafeBuffer values() {
        return values;
    }

    UnsafeBuffer errors() {
        return errors;
    }

    long pid() {
        return header.getLong(PID_OFFSET);
    }

    long startMs() {
        return header.getLong(START_OFFSET);
    }

    /** The port of the subscribers' listener; 0 until it listens. */
    int port() {
        return header.getIntVolatile(PORT_OFFSET);
    }

    void port(final int port) {
        header.putIntRelease(PORT_OFFSET, port);
    }

    /** The magic number last: a reader that sees it sees the rest. */
    private void writeHeader(final int counters, final int errorBytes) {
        header.putInt(LAYOUT_OFFSET, LAYOUT);
        header.putLong(PID_OFFSET, ProcessHandle.current().pid());
        header.putLong(START_OFFSET, System.currentTimeMillis());
        header.putInt(COUNTERS_OFFSET, counters);
        header.putInt(ERROR_BYTES_OFFSET, errorBytes);
        header.putIntRelease(0, MAGIC);
    }

    private static int bytes(final int counters, final int errorBytes) {
        return HEADER_BYTES + counters * COUNTER_BYTES + errorBytes;
    }

    private static IOException notOurs(final Path path) {
        return new IOException(path + " is not the telemetry file of a relay; name another directory");
    }
}
