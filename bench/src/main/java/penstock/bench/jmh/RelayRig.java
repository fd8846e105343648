package penstock.bench.jmh;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.venue.Venue;
import penstock.websocket.FrameWriter;
import penstock.websocket.Handshake;
import penstock.websocket.Opcode;

/**
 * A whole relay in this process, between real sockets: its feed, which sends on request, and its subscribers,
 * which read on request. Nothing of the rig makes garbage. Owned by the thread that measures.
 */
final class RelayRig implements AutoCloseable {
    /** In each update once, and nowhere else. */
    static final byte MARK = '~';

    private static final String KEY_HEADER = "sec-websocket-key:";
    private static final int MAX_TOPICS = 10_000;

    private final int topics;
    private final ServerSocketChannel listener = ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final Relay relay;
    private final SocketChannel feed;
    private final List<RelayRigSession> sessions = new ArrayList<>();
    /** All frames twice, so that any run of them is in one piece. */
    private final ByteBuffer frames;
    private final int frameBytes;
    private int topic;

    /** {@code settings}: of the relay's configuration, key=value. */
    RelayRig(final int topics, final String... settings) throws IOException {
        if (topics < 1 || topics > MAX_TOPICS) {
            throw new IllegalArgumentException(topics + " topics; 1 to " + MAX_TOPICS + " have names");
        }
        this.topics = topics;
        final byte[][] texts = new byte[topics][];
        for (int i = 0; i < topics; i++) {
            texts[i] = String.format(Locale.ROOT,
                "{\"symbol\":\"FX%04d\",\"bid\":1.10342,\"ask\":1.10344,\"mid\":1.10343,"
                + "\"ts\":1795197922737123,\"seq\":81234,\"mark\":\"%c\"}", i, MARK)
                .getBytes(StandardCharsets.US_ASCII);
        }
        frameBytes = texts[0].length + FrameWriter.headerBytes(texts[0].length);
        frames = ByteBuffer.allocateDirect(2 * topics * frameBytes);
        for (int i = 0; i < 2 * topics; i++) {
            final byte[] text = texts[i % topics];
            FrameWriter.putFrame(frames, Opcode.TEXT, text, 0, text.length);
        }
        final int port = ((InetSocketAddress) listener.getLocalAddress()).getPort();
        final RelayConfig config = new RelayConfigLoader(Map.of())
            .loadText("bench.conf", "feed { venue = json, url = \"ws://127.0.0.1:"
            + port + "\" }\nserver.port = 0\nadmin.enabled = false\nfanout { ping-every = 30m, pong-within = 1h }\n",
            List.of(settings));
        relay = new Relay(config, Venue.load("json"), null);
        feed = listener.accept();
        feed.setOption(StandardSocketOptions.TCP_NODELAY, true);
        final String key = readHead(feed).lines().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(KEY_HEADER))
            .findFirst()
            .orElseThrow(() -> new IOException("the relay asked for no WebSocket")).substring(KEY_HEADER.length())
            .trim();
        feed.write(ascii(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
            + Handshake.accept(key) + "\r\n\r\n"));
    }

    /** One more subscriber of all topics, by the path and query that make it one. */
    void open(final String target) throws IOException {
        final SocketChannel channel =
            SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), relay.port()));
        channel.write(
            ascii("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: " + Handshake.newKey() + "\r\nSec-WebSocket-Version: 13\r\n\r\n"));
        if (!readHead(channel).startsWith("HTTP/1.1 101 ")) {
            throw new IOException("the relay refuses " + target);
        }
        sessions.add(new RelayRigSession(channel.socket()));
    }

    /**
     * Sends updates of the next {@code count} topics, each in a frame of its own, in one write; returns when every
     * subscriber has all. No topic changes twice in a step, so that nothing is conflated.
     */
    void step(final int count) throws IOException {
        assert count <= topics : count + " updates of " + topics + " topics";
        frames.limit((topic + count) * frameBytes).position(topic * frameBytes);
        topic = (topic + count) % topics;
        while (frames.hasRemaining()) {
            feed.write(frames);
        }
        for (int i = 0; i < sessions.size(); i++) {
            sessions.get(i).take(count);
        }
    }

    Relay relay() {
        return relay;
    }

    @Override
    public void close() throws IOException {
        for (final RelayRigSession session : sessions) {
            session.close();
        }
        relay.close();
        feed.close();
        listener.close();
    }

    private static ByteBuffer ascii(final String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Not a byte of what follows. */
    private static String readHead(final SocketChannel channel) throws IOException {
        final StringBuilder head = new StringBuilder();
        final ByteBuffer one = ByteBuffer.allocate(1);
        while (head.indexOf("\r\n\r\n") < 0) {
            if (channel.read(one.clear()) < 0) {
                throw new EOFException("the relay hung up behind: " + head);
            }
            head.append((char) one.get(0));
        }
        return head.toString();
    }
}
