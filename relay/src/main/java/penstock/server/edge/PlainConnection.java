package penstock.server.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.StreamConnection;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSourceConduit;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/**
 * Sees whether a client begins TLS where the relay speaks plain HTTP, and counts that. The parser of HTTP ends such a
 * connection like any other without a request.
 *
 * <p>Owned by the io thread of the connection.
 */
public final class PlainConnection extends AbstractStreamSourceConduit<StreamSourceConduit> {
    /** Type of the first record (RFC 8446, section 5.1); no request begins with it. */
    private static final byte TLS_HANDSHAKE = 22;

    private final Counters counters;
    private boolean isBegun;

    private PlainConnection(final StreamSourceConduit next, final Counters counters) {
        super(next);
        this.counters = counters;
    }

    /** Looks at the first byte of {@code connection}; {@code counters} are those of its io thread. */
    public static StreamConnection watch(final StreamConnection connection, final Counters counters) {
        final ConduitStreamSourceChannel source = connection.getSourceChannel();
        source.setConduit(new PlainConnection(source.getConduit(), counters));
        return connection;
    }

    @Override
    public int read(final ByteBuffer dst) throws IOException {
        final int from = dst.position();
        final int count = next.read(dst);
        if (count > 0 && !isBegun) {
            isBegun = true;
            if (dst.get(from) == TLS_HANDSHAKE) {
                counters.increment(Counter.TLS_ON_PLAIN_PORT);
            }
        }
        return count;
    }
}
