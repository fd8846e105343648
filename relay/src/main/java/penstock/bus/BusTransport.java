package penstock.bus;

import penstock.fanout.frame.Transport;

/** What a session writes to that publishes to the bus. Owned by the shard's io thread. */
abstract class BusTransport implements Transport {
    /** A session may have that much in front of its socket; so few that it is never measured how fast it reads. */
    private static final int SEND_BUFFER_BYTES = 1_024;

    private boolean isWaiting;

    /** The session has something to write, and waits for room. */
    final boolean isWaiting() {
        return isWaiting;
    }

    @Override
    public final int sendBufferBytes() {
        return SEND_BUFFER_BYTES;
    }

    @Override
    public final void sendBufferBytes(final int bytes) {
        // what waits for the bus is bounded for all sessions together
    }

    @Override
    public final void resumeWrites() {
        isWaiting = true;
    }

    @Override
    public final void suspendWrites() {
        isWaiting = false;
    }

    @Override
    public final void suspendReads() {
        // there are no requests
    }

    @Override
    public final void resumeReads() {
        // there are no requests
    }
}
