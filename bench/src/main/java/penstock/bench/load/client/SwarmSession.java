package penstock.bench.load.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import penstock.bench.tls.TlsBuffers;
import penstock.bench.tls.TlsChannel;
import penstock.websocket.FrameWriter;
import penstock.websocket.Handshake;
import penstock.websocket.Opcode;

/**
 * One of thousands of connections. Parses frames in the read buffer; keeps only an unfinished frame. Owned by its
 * swarm's thread; volatile fields may be read from any thread.
 */
public final class SwarmSession {
    private static final int MASK = 0x12345678;
    private static final byte[] END_OF_HEAD = {'\r', '\n', '\r', '\n'};
    private static final int LENGTH_BITS = 0x7f;
    private static final int OPCODE_BITS = 0x0f;

    public final ClientOptions options;
    public SelectionKey key;
    /** True once the server has accepted the upgrade. */
    public volatile boolean isOpen;
    /** True once the session has failed or was closed. */
    public volatile boolean isGone;
    /** True once the first snapshot message has arrived. */
    public volatile boolean isSnapshotSeen;
    /** Updates since the session opened, without those of snapshots. */
    public volatile long updates;
    /** Time at which the upgrade was accepted. */
    public volatile long openNs;

    private final SwarmState swarm;
    private final FrameReader reader;
    private final SocketChannel channel;
    /** Null without TLS. */
    private final TlsChannel tls;
    private boolean isUpgrading;
    private int[] newest = new int[0];
    private ByteBuffer tail;
    private int headBytes;
    private int matched;

    SwarmSession(final SwarmState swarm, final FrameReader reader, final SocketChannel channel,
            final ClientOptions options, final TlsBuffers buffers) {
        this.swarm = swarm;
        this.reader = reader;
        this.channel = channel;
        this.options = options;
        tls = options.security().tls() == null ? null
            : new TlsChannel(channel, options.security().tls(), true, buffers);
    }

    public SocketChannel channel() {
        return channel;
    }

    /**
     * Number of the newest update of a symbol; 0 before the first. Call on the swarm's thread.
     */
    public int newest(final int symbol) {
        return symbol < newest.length ? newest[symbol] : 0;
    }

    /** The socket has connected: asks for the upgrade, with TLS once the handshake is over. */
    void connected() throws IOException {
        if (tls == null) {
            upgrade();
        } else {
            tls.begin();
        }
    }

    /** Reads what the socket has; false once the server has closed. */
    boolean read(final ByteBuffer buffer) throws IOException {
        if (tls == null) {
            return channel.read(buffer) >= 0;
        }
        final boolean isThere = tls.read(buffer);
        if (!isUpgrading && tls.isOpen()) {
            upgrade();
        }
        return isThere;
    }

    /** Puts what the last read left unfinished in front of what the next one brings. */
    public void putTail(final ByteBuffer buffer) {
        if (tail != null && tail.position() > 0) {
            buffer.put(tail.flip());
            tail.clear();
        }
    }

    /** All that was read, from 0 to the limit. */
    public void received(final ByteBuffer buffer, final long nowNs) throws IOException {
        int at = 0;
        while (!isOpen && at < buffer.limit()) {
            head(buffer.get(at++), nowNs);
        }
        at = frames(buffer, at, nowNs);
        final int rest = buffer.limit() - at;
        if (rest > 0) {
            if (tail == null || tail.capacity() < rest) {
                tail = ByteBuffer.allocate(Math.max(1024, Integer.highestOneBit(rest) * 2));
            }
            tail.put(buffer.position(at));
        }
    }

    public void onUpdate(final int symbol, final int n, final long dueNs, final long conflated, final boolean isImage,
            final long nowNs) {
        if (symbol >= newest.length) {
            newest = Arrays.copyOf(newest, swarm.symbolRoom(symbol));
        }
        final int before = newest[symbol];
        newest[symbol] = n;
        if (!isImage) {
            updates++;
            options.stats().onUpdate(dueNs, before == 0 ? 1 : n - before, conflated, nowNs);
        }
    }

    private void upgrade() throws IOException {
        isUpgrading = true;
        final String request = "GET " + options.path()
            + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + options.security().authorization()
            + "Sec-WebSocket-Key: " + Handshake.newKey() + "\r\nSec-WebSocket-Version: 13\r\n\r\n";
        write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
    }

    private void write(final ByteBuffer bytes) throws IOException {
        channel.write(tls == null ? bytes : tls.wrap(bytes));
    }

    private void head(final byte next, final long nowNs) throws IOException {
        if (headBytes++ == 9 && next != '1') {
            throw new IOException("the upgrade was refused with status " + (char) next + "xx");
        }
        matched = next == END_OF_HEAD[matched] ? matched + 1 : next == '\r' ? 1 : 0;
        if (matched == END_OF_HEAD.length) {
            if (options.request() != null) {
                send(Opcode.TEXT, options.request().getBytes(StandardCharsets.UTF_8));
            }
            openNs = nowNs;
            isOpen = true;
            swarm.onOpen();
        }
    }

    /** Where the first unfinished frame begins. */
    private int frames(final ByteBuffer buffer, final int from, final long nowNs) throws IOException {
        int at = from;
        final int end = buffer.limit();
        while (end - at >= 2) {
            int length = buffer.get(at + 1) & LENGTH_BITS;
            int payload = at + 2;
            if (length == 126) {
                if (end - at < 4) {
                    break;
                }
                length = buffer.getShort(at + 2) & 0xffff;
                payload = at + 4;
            } else if (length == 127) {
                if (end - at < 10) {
                    break;
                }
                length = Math.toIntExact(buffer.getLong(at + 2));
                payload = at + 10;
            }
            if (end - payload < length) {
                break;
            }
            if (buffer.get(at) == (byte) (0x80 | Opcode.TEXT)) {
                reader.onText(this, buffer, payload, payload + length, nowNs);
            } else {
                rare(buffer, at, payload, length);
            }
            at = payload + length;
        }
        return at;
    }

    private void rare(final ByteBuffer buffer, final int at, final int payload, final int length) throws IOException {
        final byte[] bytes = new byte[length];
        buffer.get(payload, bytes);
        switch (buffer.get(at) & OPCODE_BITS) {
            case Opcode.PING:
                send(Opcode.PONG, bytes);
                break;
            case Opcode.PONG:
                break;
            case Opcode.CLOSE:
                throw new IOException("closed with "
                    + (length < 2 ? "no code" : (bytes[0] & 0xff) << 8 | bytes[1] & 0xff));
            default:
                throw new IOException("a frame that begins with " + buffer.get(at));
        }
    }

    private void send(final int opcode, final byte[] payload) throws IOException {
        final ByteBuffer frame = ByteBuffer.allocate(FrameWriter.MAX_HEADER_BYTES + payload.length);
        FrameWriter.putMaskedFrame(frame, opcode, payload, 0, payload.length, MASK);
        write(frame.flip());
    }
}
