package penstock.server;

import io.undertow.UndertowOptions;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.handlers.HostHeaderHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;
import penstock.config.relay.ServerConfig;
import penstock.server.edge.LongTokens;

/**
 * A listener for HTTP/1.1. Undertow's own builder has no place for a decision about each accepted connection.
 *
 * <p>Opened and closed by one thread, not an io thread.
 */
final class HttpListener implements AutoCloseable {
    private static final int TIMEOUT_MS = 5_000;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_HEADERS = 64;
    private static final int POOLED_BYTES = 16 * 1024 - 20;
    private static final int POOLED_PER_THREAD = 4;
    /** Queue for a burst of reconnects; the kernel limits it to net.core.somaxconn. */
    private static final int BACKLOG = 8_192;

    private final HttpOpenListener connections;
    private final AcceptingChannel<StreamConnection> channel;

    /**
     * Listens on {@code address}, port 0 for any.
     *
     * @param highWater connections at which it stops accepting until one closes
     * @param gate      called on the io thread of each accepted connection; passes it on when it may send requests
     * @param security  what a connection becomes once the gate passed it on
     * @throws RuntimeException whose cause is a {@link java.net.BindException} if the port is in use
     */
    HttpListener(final XnioWorker worker, final ServerConfig.Address address, final int sendBufferBytes,
            final int highWater, final HttpHandler handler,
            final BiConsumer<StreamConnection, ChannelListener<StreamConnection>> gate,
            final UnaryOperator<StreamConnection> security) {
        final OptionMap undertow = OptionMap.builder()
            .set(UndertowOptions.BUFFER_PIPELINED_DATA, false)
            .set(UndertowOptions.ENABLE_HTTP2, false)
            .set(UndertowOptions.NO_REQUEST_TIMEOUT, TIMEOUT_MS)
            .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, TIMEOUT_MS)
            .set(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
            .set(UndertowOptions.MAX_HEADERS, MAX_HEADERS)
            .set(UndertowOptions.MAX_ENTITY_SIZE, (long) MAX_HEADER_BYTES).getMap();
        final OptionMap socket = OptionMap.builder()
            .set(Options.TCP_NODELAY, true)
            .set(Options.REUSE_ADDRESSES, true)
            .set(Options.SEND_BUFFER, sendBufferBytes)
            .set(Options.BACKLOG, BACKLOG)
            .set(Options.CONNECTION_HIGH_WATER, highWater)
            .set(Options.CONNECTION_LOW_WATER, highWater - 1).getMap();
        connections =
            new HttpOpenListener(new DefaultByteBufferPool(true, POOLED_BYTES, -1, POOLED_PER_THREAD), undertow);
        connections.setRootHandler(new HostHeaderHandler(handler));
        final ChannelListener<StreamConnection> opened = connection ->
            gate.accept(connection, admitted -> connections.handleEvent(LongTokens.cut(security.apply(admitted))));
        try {
            channel = worker.createStreamConnectionServer(
                new InetSocketAddress(InetAddress.getByName(address.host()), address.port()),
                ChannelListeners.openListenerAdapter(opened), socket);
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        channel.resumeAccepts();
    }

    /** It stops accepting at that many connections from now on, until one closes. */
    void limit(final int highWater) {
        try {
            // the lower mark never lies above the upper one
            if (highWater > channel.getOption(Options.CONNECTION_HIGH_WATER)) {
                channel.setOption(Options.CONNECTION_HIGH_WATER, highWater);
                channel.setOption(Options.CONNECTION_LOW_WATER, highWater - 1);
            } else {
                channel.setOption(Options.CONNECTION_LOW_WATER, highWater - 1);
                channel.setOption(Options.CONNECTION_HIGH_WATER, highWater);
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    /** Stops listening and closes all connections. */
    @Override
    public void close() {
        IoUtils.safeClose(channel);
        connections.closeConnections();
    }
}
