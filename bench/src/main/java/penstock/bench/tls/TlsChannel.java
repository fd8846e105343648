package penstock.bench.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * TLS 1.3 over one non-blocking socket. Steps of the handshake run on the thread that reads. Owned by the thread that
 * owns its buffers.
 */
public final class TlsChannel {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int SPARE_BYTES = 1024;

    private final SocketChannel channel;
    private final SSLEngine engine;
    private final TlsBuffers buffers;
    /** A record of which a part has arrived; null if there was none yet. */
    private ByteBuffer tail;

    /** A connection of a server or, with {@code isClient}, of a client, which {@link #begin begins}. */
    public TlsChannel(final SocketChannel channel, final SSLContext context, final boolean isClient,
            final TlsBuffers buffers) {
        this.channel = channel;
        this.buffers = buffers;
        engine = context.createSSLEngine("localhost", 0);
        engine.setUseClientMode(isClient);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
    }

    /** The client says hello. */
    public void begin() throws IOException {
        engine.beginHandshake();
        buffers.network.clear().flip();
        advance(NOTHING);
    }

    /** Whether the handshake is over. */
    public boolean isOpen() {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
            && !engine.getSession().getProtocol().equals("NONE");
    }

    /**
     * Reads what the socket has, at most what {@code into} has room for.
     *
     * @return false once the other end has closed
     */
    public boolean read(final ByteBuffer into) throws IOException {
        final ByteBuffer network = buffers.network.clear();
        if (tail != null) {
            network.put(tail.flip());
        }
        network.limit(Math.max(network.position(), Math.min(network.capacity(), into.remaining())));
        if (channel.read(network) < 0) {
            return false;
        }
        network.flip();
        advance(into);
        keep(network);
        return true;
    }

    /** The records of {@code plain}, all of which is consumed; valid until the next call for any connection. */
    public ByteBuffer wrap(final ByteBuffer plain) throws IOException {
        final ByteBuffer records = buffers.records.clear();
        while (plain.hasRemaining()) {
            final SSLEngineResult result = engine.wrap(plain, records);
            if (result.getStatus() != SSLEngineResult.Status.OK) {
                throw new IOException("TLS: " + result);
            }
        }
        return records.flip();
    }

    private void advance(final ByteBuffer into) throws IOException {
        boolean goesOn = true;
        while (goesOn) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> sendHandshake();
                default -> goesOn = unwrap(into);
            }
        }
    }

    private boolean unwrap(final ByteBuffer into) throws IOException {
        if (!buffers.network.hasRemaining()) {
            return false;
        }
        final SSLEngineResult result = engine.unwrap(buffers.network, into);
        return switch (result.getStatus()) {
            case OK -> true;
            case BUFFER_UNDERFLOW -> false;
            default -> throw new IOException("TLS: " + result);
        };
    }

    private void sendHandshake() throws IOException {
        final ByteBuffer records = buffers.records.clear();
        engine.wrap(NOTHING, records);
        channel.write(records.flip());
        if (records.hasRemaining()) {
            throw new IOException("TLS: the socket takes no " + records.remaining() + " bytes of a handshake");
        }
    }

    private void keep(final ByteBuffer network) {
        if (tail != null) {
            tail.clear();
        }
        if (network.hasRemaining()) {
            if (tail == null || tail.capacity() < network.remaining()) {
                tail = ByteBuffer.allocate(network.remaining() + SPARE_BYTES);
            }
            tail.put(network);
        }
    }
}
