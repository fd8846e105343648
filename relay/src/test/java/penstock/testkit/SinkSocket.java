package penstock.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import penstock.fanout.frame.Transport;

/** A session's socket that accepts every byte and counts. Subclasses change what they need. One thread. */
public class SinkSocket implements Transport {
    private long bytes;
    private long writes;
    private boolean wantsWrites;
    private boolean readSuspended;
    private boolean closed;

    /** Bytes accepted since the beginning, or since {@link #resetBytes}. */
    public final long bytes() {
        return bytes;
    }

    /** Counts bytes from 0 again. */
    public final void resetBytes() {
        bytes = 0;
    }

    /** Number of writes. */
    public final long writes() {
        return writes;
    }

    /** True if the session waits for the socket to become writable. */
    public final boolean wantsWrites() {
        return wantsWrites;
    }

    /** True if the session has stopped reading requests. */
    public final boolean isReadSuspended() {
        return readSuspended;
    }

    /** True once the session has closed the socket. */
    public final boolean isClosed() {
        return closed;
    }

    @Override
    public int write(final ByteBuffer frames) throws IOException {
        final int count = frames.remaining();
        frames.position(frames.limit());
        accepted(count);
        return count;
    }

    /** Counts one write of so many bytes. */
    protected final void accepted(final int count) {
        bytes += count;
        writes++;
    }

    @Override
    public final int sendBufferBytes() {
        return 64 * 1024;
    }

    @Override
    public void sendBufferBytes(final int size) {
        // a socket without a kernel behind it
    }

    @Override
    public void resumeWrites() {
        wantsWrites = true;
    }

    @Override
    public void suspendWrites() {
        wantsWrites = false;
    }

    @Override
    public void suspendReads() {
        readSuspended = true;
    }

    @Override
    public void resumeReads() {
        readSuspended = false;
    }

    @Override
    public void close() {
        closed = true;
    }
}
