package penstock.bench.floor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import penstock.bench.tls.TlsBuffers;
import penstock.bench.tls.TlsChannel;
import penstock.tls.CertifiedKey;
import penstock.tls.TlsContexts;
import penstock.websocket.ProtocolException;

/**
 * The yardstick: a bare fan-out in plain Java NIO, which does what no fan-out can do without, and nothing else. The
 * feed's frame is the clients' frame, copied once into a direct buffer; all frames of one read of the feed
 * leaves in one write to each client. No conflation, no limits, no metrics: not a product. Run as
 * {@code FloorServer PORT FEED_PORT [CERTIFICATE KEY]}; with two PEM files its clients come by TLS. Owned by its one
 * thread.
 */
public final class FloorServer implements AutoCloseable {
    private static final int BACKLOG = 4096;

    private final Selector selector = Selector.open();
    private final FloorClients crowd = new FloorClients();
    private final FloorFeed feed;
    private final ServerSocketChannel server;
    /** Null without TLS. */
    private final SSLContext tls;
    private final TlsBuffers buffers = new TlsBuffers();
    private volatile boolean stopped;

    FloorServer(final int port, final int feedPort, final SSLContext tls) throws IOException {
        this.tls = tls;
        feed = new FloorFeed(feedPort, crowd);
        feed.channel().configureBlocking(false).register(selector, SelectionKey.OP_READ);
        server = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", port), BACKLOG);
        server.configureBlocking(false).register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Serves until the feed hangs up. */
    public static void main(final String[] args) throws IOException {
        final SSLContext tls = args.length < 4 ? null
            : TlsContexts.of(CertifiedKey.read("", Path.of(args[2]), Path.of(args[3])), null);
        try (FloorServer floor = new FloorServer(Integer.parseInt(args[0]), Integer.parseInt(args[1]), tls)) {
            floor.run();
        }
    }

    int port() {
        return server.socket().getLocalPort();
    }

    /** Ends when the feed hangs up, or after {@link #stop}. */
    void run() throws IOException {
        while (!stopped) {
            selector.select(this::onReady);
        }
    }

    /** From any thread. */
    void stop() {
        stopped = true;
        selector.wakeup();
    }

    @Override
    public void close() throws IOException {
        for (final SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }

    private void onReady(final SelectionKey key) {
        if (key.attachment() instanceof FloorClient client) {
            onClient(client, key);
        } else if (key.channel() == server) {
            accept();
        } else if (!feed.read()) {
            stopped = true;
        }
    }

    private void onClient(final FloorClient client, final SelectionKey key) {
        try {
            if (key.isWritable()) {
                client.flush();
            }
            if (key.isValid() && key.isReadable()) {
                client.read();
            }
        } catch (final IOException | ProtocolException | RuntimeException e) {
            crowd.drop(client);
        }
    }

    private void accept() {
        try {
            for (SocketChannel channel = server.accept(); channel != null; channel = server.accept()) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                final FloorClient client = new FloorClient(channel, crowd,
                    tls == null ? null : new TlsChannel(channel, tls, false, buffers));
                client.key = channel.register(selector, SelectionKey.OP_READ, client);
            }
        } catch (final IOException e) {
            System.err.println("floor: cannot accept: " + e);
        }
    }
}
