package penstock.bench.load.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import penstock.websocket.FrameLimits;
import penstock.websocket.FrameParser;
import penstock.websocket.FrameWriter;
import penstock.websocket.Handshake;
import penstock.websocket.MessageHandler;
import penstock.websocket.Opcode;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;

/**
 * One connection of the rig: to the relay, with its streams, or without any to the feed itself. Owned by its client's
 * thread.
 */
public final class LoadSession implements MessageHandler {
    private static final FrameLimits LIMITS = new FrameLimits(16 << 20, 16 << 20, 1);
    private static final int MASK = 0x12345678;
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};

    public final SocketChannel channel;
    public final SubscriptionStats[] streams;
    public SelectionKey key;
    public volatile boolean isGone;
    private final LatencyWindow direct;
    private final EntryScan scan;
    private final FrameParser parser;
    private int headBytes;
    private int matched;
    private long nowNs;
    private boolean isOpen;

    public LoadSession(final SocketChannel channel, final EntryScan scan, final byte[] scratch,
            final LatencyWindow direct,
            final SubscriptionStats... streams) {
        this.channel = channel;
        this.scan = scan;
        this.direct = direct;
        this.streams = streams;
        parser = new FrameParser(Role.CLIENT, LIMITS, scratch, this);
    }

    public void upgrade() throws IOException {
        final String request = "GET /v1/ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: " + Handshake.newKey() + "\r\nSec-WebSocket-Version: 13\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    }

    public boolean isReady() {
        return isOpen && Arrays.stream(streams).allMatch(stream -> stream.isSnapshotDone);
    }

    public void received(final ByteBuffer source, final long atNs) throws ProtocolException {
        nowNs = atNs;
        while (!isOpen && source.hasRemaining()) {
            final byte next = source.get();
            if (headBytes++ == 9 && next != '1') {
                throw new IllegalStateException("the upgrade was refused");
            }
            matched = next == END_OF_HEAD[matched] ? matched + 1 : next == '\r' ? 1 : 0;
            if (matched == END_OF_HEAD.length) {
                isOpen = true;
                for (final SubscriptionStats stream : streams) {
                    send(Opcode.TEXT, stream.request.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        parser.parse(source);
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        scan.on(buffer, offset, length);
        if (streams.length == 0) {
            direct.record(scan.dueNs(), nowNs);
        } else if (scan.isType("update")) {
            scan.updates(scan.stream(streams), nowNs);
        } else if (scan.isType("snapshot")) {
            scan.images(scan.stream(streams));
        } else if (scan.isType("gap")) {
            scan.stream(streams).onGap(scan.missed());
        } else if (scan.isType("error")) {
            throw new IllegalStateException(new String(buffer, offset, length, StandardCharsets.UTF_8));
        }
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        throw new IllegalStateException("a binary message");
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        send(Opcode.PONG, Arrays.copyOfRange(payload, offset, offset + length));
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        // it asks for none
    }

    @Override
    public void onClose(final int code, final String reason) {
        throw new IllegalStateException("closed with " + code + " " + reason);
    }

    private void send(final int opcode, final byte[] payload) {
        final ByteBuffer frame = ByteBuffer.allocate(FrameWriter.MAX_HEADER_BYTES + payload.length);
        FrameWriter.putMaskedFrame(frame, opcode, payload, 0, payload.length, MASK);
        frame.flip();
        try {
            channel.write(frame);
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
