package penstock.bench.load.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Links of relays, or readers of a bus, that do nothing with what they are sent: they ask as an edge does, and count
 * bytes. Reading all of them costs the rig one system call for each write. Opened and closed by the scenario's thread;
 * a thread of their own reads.
 */
public final class LinkReaders implements AutoCloseable {
    private static final int READ_BYTES = 1 << 20;
    private static final String HANDSHAKE = """
        GET /v1/ws?link=bench-%d HTTP/1.1\r
        Host: localhost\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Protocol: penstock.v1.bin\r
        \r
        """;
    private static final String REQUEST =
        "{\"op\":\"subscribe\",\"id\":1,\"sub\":\"0\",\"symbols\":[\"*\"],\"interval\":1,\"payload\":true}";

    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final Thread thread = new Thread(this::read, "links");
    private volatile long bytes;
    private volatile int ended;

    private LinkReaders(final int port, final int count, final IntFunction<List<ByteBuffer>> greeting)
            throws IOException {
        for (int i = 0; i < count; i++) {
            final SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
            channels.add(channel);
            for (final ByteBuffer part : greeting.apply(i)) {
                write(channel, part);
            }
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
        }
        thread.setDaemon(true);
        thread.start();
    }

    /** Opens {@code count} links to the relay on that port. */
    public static LinkReaders ofRelay(final int port, final int count) throws IOException {
        return new LinkReaders(port, count, i -> List.of(
            ByteBuffer.wrap(HANDSHAKE.formatted(i).getBytes(StandardCharsets.US_ASCII)),
            masked(REQUEST.getBytes(StandardCharsets.US_ASCII))));
    }

    /**
     * Lets {@code count} clients of the NATS server on that port read {@code subject}. They answer no ping: the server
     * ends them after some minutes.
     */
    public static LinkReaders ofNats(final int port, final int count, final String subject) throws IOException {
        final String hello = "CONNECT {\"verbose\":false,\"headers\":true}\r\nSUB " + subject + " 1\r\n";
        return new LinkReaders(port, count,
            i -> List.of(ByteBuffer.wrap(hello.getBytes(StandardCharsets.US_ASCII))));
    }

    /** Bytes that came so far. */
    public long bytes() {
        return bytes;
    }

    /** Links that the relay has ended. */
    public int ended() {
        return ended;
    }

    private void read() {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
        try {
            while (selector.isOpen()) {
                selector.select(key -> readOnce(key, buffer));
            }
        } catch (final IOException | ClosedSelectorException e) {
            ended = channels.size();
        }
    }

    private void readOnce(final SelectionKey key, final ByteBuffer buffer) {
        try {
            final int count = ((SocketChannel) key.channel()).read(buffer.clear());
            if (count < 0) {
                key.cancel();
                ended++;
            } else {
                bytes += count;
            }
        } catch (final IOException e) {
            key.cancel();
            ended++;
        }
    }

    private static void write(final SocketChannel channel, final ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** A text frame of less than 126 bytes, with a mask of zeros. */
    private static ByteBuffer masked(final byte[] text) {
        return ByteBuffer.allocate(6 + text.length).put((byte) 0x81).put((byte) (0x80 | text.length)).putInt(0)
            .put(text).flip();
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (final SocketChannel channel : channels) {
            channel.close();
        }
    }
}
