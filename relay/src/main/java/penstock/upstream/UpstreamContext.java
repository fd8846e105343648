package penstock.upstream;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.xnio.XnioIoThread;
import penstock.time.FeedClock;

/**
 * The objects that all upstream connections of one feed thread share. The connections take turns with the buffers.
 *
 * @param proxies which proxy leads to which host
 * @param thread  the only io thread of the feed's worker
 * @param read    holds the bytes of one read
 * @param scratch holds one message whose frames are fragmented or split between reads
 * @param random  masks frames
 */
record UpstreamContext(ProxyRoutes proxies, XnioIoThread thread, FeedClock clock, ByteBuffer read, byte[] scratch,
        SecureRandom random) {
    /** Room for several TLS records of 16 KiB: one read takes all that a burst left in the kernel. */
    private static final int READ_BYTES = 128 << 10;

    UpstreamContext(final ProxyRoutes proxies, final XnioIoThread thread, final FeedClock clock) {
        this(proxies, thread, clock, ByteBuffer.allocateDirect(READ_BYTES), new byte[READ_BYTES], new SecureRandom());
    }
}
