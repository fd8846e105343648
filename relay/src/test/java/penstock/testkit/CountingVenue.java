package penstock.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.websocket.FrameWriter;
import penstock.websocket.Handshake;
import penstock.websocket.Opcode;

/**
 * A venue that counts its connections, and sends a quote over each of them every 20 ms. What has ended is counted
 * before what begins: of two events that it finds together, the end was first. A thread of its own; its counts may be
 * read from any.
 */
public final class CountingVenue implements AutoCloseable {
    /** Its venue file. */
    public static final String FILE = """
        name = counting
        connection { reconnect { min = 10ms, max = 50ms } }
        channels { quote { class = last-value, default = true } }
        subscribe { message = \"""{"sub":{symbols|json}}\""", ack { mode = none } }
        messages { rules = [{ name = quote, match { "$/type" = quote }, channel = quote, key = "$/s", emit = "$" }] }
        """;
    private static final Pattern KEY = Pattern.compile("(?i)Sec-WebSocket-Key: *(\\S+)");
    private static final long EVERY_MS = 20;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final ByteBuffer read = ByteBuffer.allocate(16 << 10);
    private volatile int open;
    private volatile int highest;
    private volatile int opened;
    private volatile boolean isClosed;
    private long sent;

    /** Serves at once. */
    public CountingVenue() throws IOException {
        server.bind(new InetSocketAddress("127.0.0.1", 0));
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        LoopbackServer.start(this::run);
    }

    /** Where it listens. */
    public String url() throws IOException {
        return "ws://127.0.0.1:" + ((InetSocketAddress) server.getLocalAddress()).getPort() + "/";
    }

    /** Connections now. */
    public int open() {
        return open;
    }

    /** The most connections at the same time. */
    public int highest() {
        return highest;
    }

    /** Connections so far. */
    public int opened() {
        return opened;
    }

    private void run() {
        try {
            while (!isClosed) {
                selector.select(EVERY_MS);
                final List<SelectionKey> ready = new ArrayList<>(selector.selectedKeys());
                selector.selectedKeys().clear();
                for (final SelectionKey key : ready) {
                    if (key.isValid() && key.channel() instanceof SocketChannel client) {
                        read(key, client);
                    }
                }
                if (ready.stream().anyMatch(key -> key.channel() == server)) {
                    accept();
                }
                sendAll();
            }
            for (final SelectionKey key : List.copyOf(selector.keys())) {
                key.channel().close();
            }
            selector.close();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() throws IOException {
        for (SocketChannel client = server.accept(); client != null; client = server.accept()) {
            client.configureBlocking(false);
            client.register(selector, SelectionKey.OP_READ, new StringBuilder());
        }
    }

    /** The attachment is the head of the request until it is complete; then there is none. */
    private void read(final SelectionKey key, final SocketChannel client) {
        try {
            final int count = client.read(read.clear());
            if (count < 0) {
                end(key, client);
            } else if (key.attachment() instanceof StringBuilder head) {
                head.append(new String(read.array(), 0, count, StandardCharsets.ISO_8859_1));
                final Matcher found = KEY.matcher(head);
                if (head.indexOf("\r\n\r\n") > 0 && found.find()) {
                    client.write(ByteBuffer.wrap(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Accept: " + Handshake.accept(found.group(1))
                        + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1)));
                    key.attach(null);
                    opened++;
                    open++;
                    highest = Math.max(highest, open);
                }
            } else if (count > 0 && (read.get(0) & 0x0f) == Opcode.CLOSE) {
                end(key, client);
            }
        } catch (final IOException e) {
            end(key, client);
        }
    }

    private void end(final SelectionKey key, final SocketChannel client) {
        final boolean isOpen = key.attachment() == null;
        key.cancel();
        try {
            client.close();
        } catch (final IOException e) {
            // it is closed all the same
        }
        open -= isOpen ? 1 : 0;
    }

    private void sendAll() {
        final byte[] text = ("{\"type\":\"quote\",\"s\":\"T0\",\"n\":" + ++sent + "}").getBytes(StandardCharsets.UTF_8);
        for (final SelectionKey key : List.copyOf(selector.keys())) {
            if (key.isValid() && key.channel() instanceof SocketChannel client && key.attachment() == null) {
                final ByteBuffer frame = ByteBuffer.allocate(text.length + FrameWriter.MAX_HEADER_BYTES);
                FrameWriter.putFrame(frame, Opcode.TEXT, text, 0, text.length);
                try {
                    client.write(frame.flip());
                } catch (final IOException e) {
                    end(key, client);
                }
            }
        }
    }

    @Override
    public void close() {
        isClosed = true;
        selector.wakeup();
    }
}
