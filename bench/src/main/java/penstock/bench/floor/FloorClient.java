package penstock.bench.floor;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import penstock.bench.tls.TlsChannel;
import penstock.websocket.FrameLimits;
import penstock.websocket.FrameParser;
import penstock.websocket.FrameWriter;
import penstock.websocket.Handshake;
import penstock.websocket.MessageHandler;
import penstock.websocket.Opcode;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;

/**
 * One client of the floor, and the bytes that wait for it: without bound, for the floor has no answer to slow readers.
 * Its thread's.
 */
final class FloorClient implements MessageHandler {
    private static final FrameLimits LIMITS = new FrameLimits(1 << 20, 1 << 20, 16);
    private static final int SCRATCH_BYTES = 64 << 10;
    private static final int KEPT_BYTES = 4096;
    private static final byte[] NOTHING = {};
    private static final String END_OF_HEAD = "\r\n\r\n";
    private static final String KEY = "\nsec-websocket-key:";
    private static final ByteBuffer SCRATCH = ByteBuffer.allocateDirect(SCRATCH_BYTES);
    private static final byte[] PARSER_SCRATCH = new byte[SCRATCH_BYTES];

    SelectionKey key;
    private final SocketChannel channel;
    private final FloorClients crowd;
    /** Null without TLS. */
    private final TlsChannel tls;
    private FrameParser parser;
    private String head = "";
    private byte[] waiting = NOTHING;
    private int from;
    private int to;
    private boolean isPending;

    FloorClient(final SocketChannel channel, final FloorClients crowd, final TlsChannel tls) {
        this.channel = channel;
        this.crowd = crowd;
        this.tls = tls;
    }

    /** What everyone gets: straight from the buffer of all, unless something waits. */
    void write(final ByteBuffer frames) throws IOException {
        final ByteBuffer bytes = tls == null ? frames : tls.wrap(frames);
        if (from == to) {
            channel.write(bytes);
        }
        if (bytes.hasRemaining()) {
            append(bytes, bytes.position(), bytes.remaining());
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        }
    }

    /** Queues a frame until {@link #flushPending}; true if nothing was pending. */
    boolean put(final ByteBuffer source, final int at, final int bytes) throws IOException {
        if (tls == null) {
            append(source, at, bytes);
        } else {
            final ByteBuffer records = tls.wrap(source.slice(at, bytes));
            append(records, 0, records.remaining());
        }
        final boolean isFirst = !isPending;
        isPending = true;
        return isFirst;
    }

    void flushPending() throws IOException {
        isPending = false;
        flush();
    }

    void flush() throws IOException {
        while (from < to) {
            final int bytes = Math.min(SCRATCH_BYTES, to - from);
            final int written = channel.write(SCRATCH.clear().put(waiting, from, bytes).flip());
            from += written;
            if (written < bytes) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
        }
        from = 0;
        to = 0;
        waiting = waiting.length > KEPT_BYTES ? NOTHING : waiting;
        if (key.interestOps() != SelectionKey.OP_READ) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    void read() throws IOException, ProtocolException {
        SCRATCH.clear();
        if (tls == null ? channel.read(SCRATCH) < 0 : !tls.read(SCRATCH)) {
            throw new EOFException();
        }
        SCRATCH.flip();
        if (parser == null) {
            readHead();
        }
        if (parser != null) {
            parser.parse(SCRATCH);
        }
    }

    void hangUp() {
        try {
            channel.close();
        } catch (final IOException e) {
            // it is gone all the same
        }
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        crowd.watch(this, FloorRequest.in(new String(buffer, offset, length, StandardCharsets.UTF_8)));
        answer(Opcode.TEXT, FloorRequest.ANSWER.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        // means nothing here
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        answer(Opcode.PONG, Arrays.copyOfRange(payload, offset, offset + length));
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        // it is asked for none
    }

    @Override
    public void onClose(final int code, final String reason) {
        crowd.drop(this);
    }

    private void readHead() throws IOException {
        final int before = head.length();
        head += StandardCharsets.ISO_8859_1.decode(SCRATCH.duplicate());
        final int end = head.indexOf(END_OF_HEAD);
        if (end >= 0) {
            SCRATCH.position(end + END_OF_HEAD.length() - before);
            final int at = head.toLowerCase(Locale.ROOT).indexOf(KEY) + KEY.length();
            final String accept = Handshake.accept(head.substring(at, head.indexOf('\r', at)).strip());
            write(
                ByteBuffer.wrap(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept + END_OF_HEAD).getBytes(StandardCharsets.US_ASCII)));
            head = null;
            parser = new FrameParser(Role.SERVER, LIMITS, PARSER_SCRATCH, this);
            crowd.join(this);
        }
    }

    private void answer(final int opcode, final byte[] payload) {
        final ByteBuffer frame = ByteBuffer.allocate(FrameWriter.MAX_HEADER_BYTES + payload.length);
        FrameWriter.putFrame(frame, opcode, payload, 0, payload.length);
        try {
            write(frame.flip());
        } catch (final IOException e) {
            crowd.drop(this);
        }
    }

    private void append(final ByteBuffer source, final int at, final int bytes) {
        if (waiting.length - to < bytes) {
            final int held = to - from;
            final byte[] larger = new byte[Math.max(KEPT_BYTES, 2 * (held + bytes))];
            System.arraycopy(waiting, from, larger, 0, held);
            waiting = larger;
            from = 0;
            to = held;
        }
        source.get(at, waiting, to, bytes);
        to += bytes;
    }
}
