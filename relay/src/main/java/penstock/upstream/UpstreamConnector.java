package penstock.upstream;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Map;
import org.xnio.XnioIoThread;
import penstock.time.FeedClock;
import penstock.venue.spec.UpstreamUrl;

/**
 * Makes the upstream connections of one feed thread and lends them the buffers they take turns with.
 * Owned by the feed thread.
 */
public final class UpstreamConnector implements UpstreamFactory {
    /** Room for several TLS records of 16 KiB, so that one read takes what a burst left in the kernel. */
    static final int READ_BYTES = 128 << 10;

    final XnioIoThread thread;
    final FeedClock clock;
    final UpstreamSettings settings;
    final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BYTES);
    final byte[] scratch = new byte[READ_BYTES];
    final SecureRandom random = new SecureRandom();

    /**
     * {@code thread}: the only io thread of the feed's own worker, whose task pool looks names up and checks
     * certificates.
     */
    public UpstreamConnector(final XnioIoThread thread, final FeedClock clock, final UpstreamSettings settings) {
        this.thread = thread;
        this.clock = clock;
        this.settings = settings;
    }

    @Override
    public Upstream connect(final UpstreamUrl url, final UpstreamListener listener) {
        return connect(url, Map.of(), listener);
    }

    @Override
    public Upstream connect(final UpstreamUrl url, final Map<String, String> values, final UpstreamListener listener) {
        final UpstreamConnection connection = new UpstreamConnection(this, url, settings.filled(values), listener);
        connection.start();
        return connection;
    }

    @Override
    public SnapshotFetch snapshots() {
        return new HttpSnapshotFetch(settings.tls());
    }
}
