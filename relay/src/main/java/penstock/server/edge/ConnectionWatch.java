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
 * Sees how a client begins and leaves. One that begins TLS where the relay speaks plain HTTP is counted: the parser of
 * HTTP ends its connection like any other without a request. One that leaves is reported to the gate, which knows
 * whether it had sent its request.
 *
 * <p>Owned by the io thread of the connection.
 */
public final class ConnectionWatch extends AbstractStreamSourceConduit<StreamSourceConduit> {
    /** Type of the first record (RFC 8446, section 5.1); no request begins with it. */
    private static final byte TLS_HANDSHAKE = 22;

    private final StreamConnection connection;
    private final ConnectionGate gate;
    private final Counters counters;
    private final boolean isPlain;
    private boolean isBegun;

    private ConnectionWatch(final StreamConnection connection, final ConnectionGate gate, final Counters counters,
            final boolean isPlain) {
        super(connection.getSourceChannel().getConduit());
        this.connection = connection;
        this.gate = gate;
        this.counters = counters;
        this.isPlain = isPlain;
    }

    /**
     * Watches what {@code connection} reads from its socket.
     *
     * @param gate     of its io thread, like {@code counters}
     * @param isPlain  whether the relay speaks plain HTTP on it
     */
    public static StreamConnection watch(final StreamConnection connection, final ConnectionGate gate,
            final Counters counters, final boolean isPlain) {
        final ConduitStreamSourceChannel source = connection.getSourceChannel();
        source.setConduit(new ConnectionWatch(connection, gate, counters, isPlain));
        return connection;
    }

    @Override
    public int read(final ByteBuffer dst) throws IOException {
        final int from = dst.position();
        final int count;
        try {
            count = next.read(dst);
        } catch (final IOException e) {
            gate.onLeft(connection, isBegun);
            throw e;
        }
        if (count > 0 && !isBegun) {
            isBegun = true;
            if (isPlain && dst.get(from) == TLS_HANDSHAKE) {
                counters.increment(Counter.TLS_ON_PLAIN_PORT);
            }
        } else if (count < 0) {
            gate.onLeft(connection, isBegun);
        }
        return count;
    }
}
