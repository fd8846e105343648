package penstock.bench.bandwidth;

import java.nio.ByteBuffer;
import penstock.fanout.Outbound;

/** A socket that takes everything, counts it, and keeps nothing. One thread. */
final class CountingSocket implements Outbound {
    long bytes;

    @Override
    public int write(final ByteBuffer frames) {
        final int count = frames.remaining();
        bytes += count;
        frames.position(frames.limit());
        return count;
    }

    @Override
    public void resumeWrites() {
        // never blocked
    }

    @Override
    public void suspendWrites() {
        // never blocked
    }

    @Override
    public void suspendReads() {
        // nothing is read
    }

    @Override
    public void resumeReads() {
        // nothing is read
    }

    @Override
    public void close() {
        // nothing to close
    }
}
