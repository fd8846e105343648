package penstock.bench.jmh;

import java.nio.ByteBuffer;
import penstock.fanout.Outbound;

/** A socket that takes everything and keeps nothing. */
final class NullSocket implements Outbound {
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
