package penstock.bench.floor;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import penstock.websocket.FrameWriter;
import penstock.websocket.Handshake;
import penstock.websocket.Opcode;

/**
 * The floor's connection to the feed: connects, and hands the whole frames of each read to the crowd. Owned by the
 * floor's thread.
 */
final class FloorFeed {
    private static final int TRIES = 300;
    private static final long TRY_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int BUFFER_BYTES = 128 << 10;
    private static final int END_OF_HEAD = 0x0d0a0d0a;
    private static final int LENGTH_16 = 126;

    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final SocketChannel channel;
    private final FloorClients crowd;

    FloorFeed(final int port, final FloorClients crowd) throws IOException {
        this.crowd = crowd;
        channel = connect(new InetSocketAddress("127.0.0.1", port));
        final String request = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: " + Handshake.newKey() + "\r\nSec-WebSocket-Version: 13\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        final ByteBuffer one = ByteBuffer.allocate(1);
        for (int last = 0; last != END_OF_HEAD; last = last << 8 | one.get(0)) {
            if (channel.read(one.clear()) < 0) {
                throw new EOFException("the feed on port " + port + " refused the upgrade");
            }
        }
    }

    SocketChannel channel() {
        return channel;
    }

    /** False when the feed has hung up. */
    boolean read() {
        try {
            if (channel.read(in) < 0) {
                return false;
            }
            in.flip();
            takeFrames();
            in.compact();
            crowd.flush();
            return true;
        } catch (final IOException e) {
            return false;
        }
    }

    private void takeFrames() throws IOException {
        int bytes = frameBytes();
        while (bytes <= in.remaining()) {
            final int at = in.position();
            final int opcode = in.get(at) & 0xf;
            if (opcode == Opcode.TEXT) {
                crowd.onFrame(in, at, bytes);
            } else if (opcode == Opcode.PING) {
                pong(at + 2, bytes - 2);
            }
            in.position(at + bytes);
            bytes = frameBytes();
        }
    }

    /** Of the next frame with its header; more than there can be while the header is not whole. */
    private int frameBytes() throws IOException {
        if (in.remaining() < Integer.BYTES && (in.remaining() < 2 || in.get(in.position() + 1) >= LENGTH_16)) {
            return Integer.MAX_VALUE;
        }
        final int length = in.get(in.position() + 1);
        if (length > LENGTH_16) {
            throw new IOException("a frame of more than 64 KiB: the floor takes none");
        }
        return length < LENGTH_16 ? 2 + length : Integer.BYTES + (in.getShort(in.position() + 2) & 0xffff);
    }

    private void pong(final int at, final int length) throws IOException {
        final byte[] payload = new byte[length];
        in.get(at, payload);
        final ByteBuffer frame = ByteBuffer.allocate(FrameWriter.MAX_HEADER_BYTES + length);
        FrameWriter.putMaskedFrame(frame, Opcode.PONG, payload, 0, length, (int) System.nanoTime());
        channel.write(frame.flip());
    }

    private static SocketChannel connect(final InetSocketAddress address) throws IOException {
        for (int i = 1;; i++) {
            try {
                return SocketChannel.open(address);
            } catch (final ConnectException e) {
                if (i == TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(TRY_EVERY_NS);
            }
        }
    }
}
