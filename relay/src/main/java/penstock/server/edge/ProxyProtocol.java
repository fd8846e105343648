package penstock.server.edge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import org.xnio.conduits.ConduitStreamSourceChannel;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/**
 * Reads the PROXY header of a connection before anything else of it. A trusted proxy must send one; from everybody else
 * it is no header but the beginning of a request, and a malformed one. Undertow's own reader takes one from anyone,
 * waits for it without end, and fails if one of version 2 comes in two pieces.
 *
 * <p>Owned by the io thread of the connection.
 */
public final class ProxyProtocol {
    private static final long TIMEOUT_MS = 5_000;

    private final StreamConnection connection;
    private final ConnectionGate gate;
    private final Counters counters;
    private final ChannelListener<StreamConnection> open;
    private final ProxyHeader header = new ProxyHeader();
    private XnioExecutor.Key timeout;

    private ProxyProtocol(final StreamConnection connection, final ConnectionGate gate, final Counters counters,
            final ChannelListener<StreamConnection> open) {
        this.connection = connection;
        this.gate = gate;
        this.counters = counters;
        this.open = open;
    }

    /**
     * Passes {@code connection}, which {@code gate} let in, to {@code open}: at once, or when its header has come if
     * its peer is one of {@code proxies}.
     */
    public static void open(final StreamConnection connection, final TrustedProxies proxies, final ConnectionGate gate,
            final Counters counters, final ChannelListener<StreamConnection> open) {
        if (connection.getPeerAddress() instanceof InetSocketAddress peer && peer.getAddress() != null
                && proxies.trusts(peer.getAddress())) {
            new ProxyProtocol(connection, gate, counters, open).start();
        } else {
            open.handleEvent(connection);
        }
    }

    private void start() {
        timeout = connection.getIoThread().executeAfter(this::refuse, TIMEOUT_MS, TimeUnit.MILLISECONDS);
        final ConduitStreamSourceChannel source = connection.getSourceChannel();
        final ChannelListener<ConduitStreamSourceChannel> reader = this::onReadable;
        source.setReadListener(reader);
        source.resumeReads();
    }

    private void onReadable(final ConduitStreamSourceChannel source) {
        try {
            int count = 1;
            while (count > 0 && !header.isComplete()) {
                count = source.read(header.room());
            }
            if (header.isComplete()) {
                onHeader(source);
            } else if (count < 0 && header.isEmpty()) {
                // a check whether the port is open sends no header
                gate.onLeft(connection, false);
                close();
            } else if (count < 0) {
                refuse();
            }
        } catch (final ProxyHeader.MalformedException e) {
            refuse();
        } catch (final IOException e) {
            gate.onLeft(connection, !header.isEmpty());
            close();
        }
    }

    private void onHeader(final ConduitStreamSourceChannel source) {
        timeout.remove();
        source.suspendReads();
        source.setReadListener(null);
        if (header.source() != null) {
            gate.onClientNamed(connection, header.source());
        }
        open.handleEvent(connection);
    }

    private void refuse() {
        counters.increment(Counter.PROXY_HEADERS_REFUSED);
        close();
    }

    private void close() {
        timeout.remove();
        IoUtils.safeClose(connection);
    }
}
