package penstock.bench;

import java.nio.ByteBuffer;
import penstock.fanout.Transport;

/** A socket that takes everything, counts it, and keeps nothing. Owned by the thread that measures. */
public final class NullSocket implements Transport {
    private long bytes;

    /** Bytes taken since the beginning, or since {@link #forget}. */
    public long bytes() {
        return bytes;
    }

    /** Counts anew. */
    public void forget() {
        bytes = 0;
    }

    @Override
    public int write(final ByteBuffer frames) {
        final int count = frames.remaining();
        bytes += count;
        frames.position(frames.limit());
        return count;
    }

    @Override
    public int sendBufferBytes() {
        return 64 * 1024;
    }

    @Override
    public void sendBufferBytes(final int bytes) {
        // nothing is held
    }

    @Override
    public void resumeWrites() {
    }

    @Override
    public void suspendWrites() {
    }

    @Override
    public void suspendReads() {
    }

    @Override
    public void resumeReads() {
    }

    @Override
    public void close() {
    }
}
