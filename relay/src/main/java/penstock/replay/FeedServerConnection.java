package penstock.replay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;
import penstock.websocket.CloseCode;
import penstock.websocket.FrameLimits;
import penstock.websocket.FrameParser;
import penstock.websocket.FrameWriter;
import penstock.websocket.MessageHandler;
import penstock.websocket.Opcode;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;

/**
 * One client of a feed server: frames wait encoded in one direct buffer until its socket takes them.
 *
 * <p>Owned by the server's io thread.
 */
final class FeedServerConnection implements FeedClient, MessageHandler {
    private static final FrameLimits LIMITS = new FrameLimits(1 << 20, 1 << 20, 64);
    private static final int READS_PER_TURN = 16;

    private final FeedServer server;
    private final StreamConnection channel;
    private final ConduitStreamSourceChannel source;
    private final ConduitStreamSinkChannel sink;
    private final String path;
    private final ByteBuffer readBuffer;
    private final FrameParser parser;
    private ByteBuffer pending = ByteBuffer.allocateDirect(64 * 1024); // bytes to send: from written to its position
    private ByteBuffer unsent = pending.duplicate();
    private int written;
    private boolean isWatchingWrites;
    private boolean isClosing;
    private boolean isHangingUp;
    private boolean isGone;

    /** Read buffer and scratch are the thread's: all its connections use them in turn. */
    FeedServerConnection(final FeedServer server, final StreamConnection channel, final String path,
        final ByteBuffer readBuffer,
                   final byte[] scratch) {
        this.server = server;
        this.channel = channel;
        this.path = path;
        this.readBuffer = readBuffer;
        source = channel.getSourceChannel();
        sink = channel.getSinkChannel();
        parser = new FrameParser(Role.SERVER, LIMITS, scratch, this);
    }

    void open() {
        source.getReadSetter().set(ignored -> onReadable());
        sink.getWriteSetter().set(ignored -> onWritable());
        source.resumeReads();
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public void send(final byte[] buffer, final int offset, final int length) {
        sendFrame(Opcode.TEXT, buffer, offset, length);
    }

    @Override
    public void sendBinary(final byte[] buffer, final int offset, final int length) {
        sendFrame(Opcode.BINARY, buffer, offset, length);
    }

    @Override
    public void sendPing(final byte[] payload) {
        sendFrame(Opcode.PING, payload, 0, payload.length);
    }

    @Override
    public void send(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        send(bytes, 0, bytes.length);
    }

    void sendRaw(final byte[] bytes) {
        if (isSending()) {
            reserve(bytes.length);
            pending.put(bytes);
        }
    }

    @Override
    public void close(final int code, final String reason) {
        if (!isClosing && !isGone) {
            isClosing = true;
            reserve(FrameWriter.MAX_HEADER_BYTES + 125);
            FrameWriter.putClose(pending, code, reason);
            server.hangUpLater(this);
            flush();
        }
    }

    /** Ends the connection as it is: what waits is not sent. */
    void drop() {
        if (!isGone) {
            isGone = true;
            parser.stop();
            IoUtils.safeClose(channel);
            server.onClosed(this);
        }
    }

    int pendingBytes() {
        return pending.position() - written;
    }

    /** Hands to the socket what it takes; the selector calls again for the rest. */
    void flush() {
        if (isGone || server.isSilent() && !isClosing) {
            return;
        }
        try {
            unsent.limit(pending.position()).position(written);
            while (unsent.hasRemaining()) {
                if (sink.write(unsent) == 0) {
                    written = unsent.position();
                    wakeWhenWritable();
                    return;
                }
            }
            pending.clear();
            written = 0;
            if (isHangingUp) {
                drop();
            }
        } catch (final IOException e) {
            drop();
        }
    }

    /** The selector gives the server a turn as soon as the socket has room, which may be now. */
    void wakeWhenWritable() {
        if (!isWatchingWrites) {
            isWatchingWrites = true;
            sink.resumeWrites();
        }
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        if (isSending()) {
            server.onText(this, buffer, offset, length);
        }
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        // no venue that is played here is spoken to in binary
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        sendFrame(Opcode.PONG, payload, offset, length);
        server.onLife(this, false);
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        server.onLife(this, true);
    }

    @Override
    public void onClose(final int code, final String reason) {
        if (server.isSilent()) {
            return;
        }
        isHangingUp = true;
        close(code == CloseCode.NO_CODE ? CloseCode.NORMAL : code, "");
        flush();
    }

    private void sendFrame(final int opcode, final byte[] payload, final int offset, final int length) {
        if (isSending()) {
            reserve(FrameWriter.MAX_HEADER_BYTES + length);
            FrameWriter.putFrame(pending, opcode, payload, offset, length);
        }
    }

    private boolean isSending() {
        return !isClosing && !isGone && !server.isSilent();
    }

    private void onReadable() {
        try {
            for (int i = 0; i < READS_PER_TURN && !isGone; i++) {
                readBuffer.clear();
                final int count = source.read(readBuffer);
                if (count == 0) {
                    break;
                }
                if (count < 0) {
                    drop();
                    break;
                }
                readBuffer.flip();
                parser.parse(readBuffer);
            }
        } catch (final ProtocolException e) {
            isHangingUp = true;
            close(e.closeCode(), e.getMessage());
            flush();
        } catch (final IOException e) {
            drop();
        }
        server.turn();
    }

    private void onWritable() {
        isWatchingWrites = false;
        sink.suspendWrites();
        flush();
        server.turn();
    }

    private void reserve(final int count) {
        if (pending.remaining() >= count) {
            return;
        }
        pending.limit(pending.position()).position(written);
        if (written > 0 && pending.capacity() - pending.remaining() >= count) {
            pending.compact();
        } else {
            final ByteBuffer larger =
                ByteBuffer.allocateDirect(Math.max(pending.capacity() * 2, pending.remaining() + count));
            larger.put(pending);
            pending = larger;
            unsent = larger.duplicate();
        }
        written = 0;
    }
}
