package penstock.recording;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates a gzip file that may still be written: it reads up to the writer's last flush, and goes on there later. Of
 * several members in a row it reads one after the other (RFC 1952, section 2.2). The checks at their ends are passed
 * over: the checks of the deflate format find damage too.
 *
 * <p>Owned by the thread that reads.
 */
final class GrowingGzip implements Closeable {
    private static final int HEADER_BYTES = 10;
    private static final int TRAILER_BYTES = 8;
    private static final int FLAG_CHECK = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;

    private enum State { HEADER, DATA, TRAILER }

    private final Path file;
    private final FileChannel channel;
    private final Inflater inflater = new Inflater(true);
    private final ByteBuffer input = ByteBuffer.allocate(64 << 10).flip();
    private State state = State.HEADER;

    GrowingGzip(final Path file) {
        this.file = file;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (final NoSuchFileException e) {
            throw new RecordingException(file + ": no such file", e);
        } catch (final IOException e) {
            throw new RecordingException(file + ": cannot be opened: " + e.getMessage(), e);
        }
    }

    /** Reads into an array; 0 = there is no more now. */
    int read(final byte[] into, final int offset, final int length) {
        try {
            int count = 0;
            while (count == 0 && hasInput()) {
                count = switch (state) {
                    case HEADER -> header() ? 0 : -1;
                    case DATA -> inflate(into, offset, length);
                    case TRAILER -> trailer() ? 0 : -1;
                };
            }
            return Math.max(0, count);
        } catch (final DataFormatException | IOException e) {
            throw new RecordingException(file + ": cannot be read any further after " + inflater.getBytesWritten()
                + " bytes of text: " + e.getMessage() + "; the file is damaged", e);
        }
    }

    /** True at the end of a file that its writer has ended. */
    boolean isComplete() {
        try {
            return state == State.HEADER && !input.hasRemaining() && channel.position() > 0
                && channel.position() == channel.size();
        } catch (final IOException e) {
            throw new RecordingException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        inflater.end();
        try {
            channel.close();
        } catch (final IOException e) {
            throw new RecordingException(file + ": cannot be closed: " + e.getMessage(), e);
        }
    }

    private boolean hasInput() throws IOException {
        // what the inflater has not used is in the buffer still
        return state == State.DATA && !inflater.needsInput() || input.hasRemaining() || fill();
    }

    private boolean fill() throws IOException {
        input.compact();
        try {
            return channel.read(input) > 0;
        } finally {
            input.flip();
        }
    }

    private int inflate(final byte[] into, final int offset, final int length) throws DataFormatException {
        if (inflater.needsInput()) {
            inflater.setInput(input.array(), input.position(), input.remaining());
            input.position(input.limit());
        }
        final int count = inflater.inflate(into, offset, length);
        if (inflater.finished()) {
            input.position(input.limit() - inflater.getRemaining());
            state = State.TRAILER;
        }
        return count;
    }

    /** False if it is not there in full. */
    private boolean header() throws DataFormatException, IOException {
        final int at = input.position();
        final int end = headerEnd(at);
        if (end < 0) {
            return fill();
        }
        input.position(end);
        inflater.reset();
        state = State.DATA;
        return true;
    }

    private int headerEnd(final int begin) throws DataFormatException {
        if (input.remaining() < HEADER_BYTES) {
            return -1;
        }
        if (input.get(begin) != 0x1f || (input.get(begin + 1) & 0xff) != 0x8b || input.get(begin + 2) != 8) {
            throw new DataFormatException("not gzip data");
        }
        final int flags = input.get(begin + 3);
        int at = begin + HEADER_BYTES;
        if ((flags & FLAG_EXTRA) != 0) {
            at = at + 2 > input.limit() ? input.limit() + 1
                : at + 2 + (input.get(at) & 0xff) + ((input.get(at + 1) & 0xff) << 8);
        }
        for (int strings = Integer.bitCount(flags & (FLAG_NAME | FLAG_COMMENT)); strings > 0; strings--) {
            while (at < input.limit() && input.get(at) != 0) {
                at++;
            }
            at++;
        }
        at += (flags & FLAG_CHECK) != 0 ? 2 : 0;
        return at > input.limit() ? -1 : at;
    }

    private boolean trailer() throws IOException {
        if (input.remaining() < TRAILER_BYTES) {
            return fill();
        }
        input.position(input.position() + TRAILER_BYTES);
        state = State.HEADER;
        return true;
    }
}
