package penstock.replay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
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
 * One client of a feed player. Encoded frames stay in one direct buffer until the socket accepts them.
 *
 * <p>Owned by the server's io thread.
 */
final class FeedServerConnection implements FeedClient, MessageHandler {
    private static final FrameLimits LIMITS = new FrameLimits(1 << 20, 1 << 20, 64);
    /** How long a client may take to answer a Close frame. */
    static final long HANG_UP_MS = 2_000;
    private static final int READS_PER_TURN = 16;

    private final FeedPlayer player;
    private final StreamConnection channel;
    private final ConduitStreamSourceChannel source;
    private final ConduitStreamSinkChannel sink;
    private final String path;
    private final ByteBuffer readBuffer;
    private final FrameParser parser;
    /** Unsent bytes are between written and the position. */
    private ByteBuffer pending = ByteBuffer.allocateDirect(64 * 1024);
    private ByteBuffer unsent = pending.duplicate();
    private int written;
    private boolean isWatchingWrites;
    private boolean isClosing;
    private boolean isHangingUp;
    private boolean isGone;

    /** All connections of the thread share {@code readBuffer} and {@code scratch}. */
    FeedServerConnection(final FeedPlayer player, final StreamConnection channel, final String path,
            final ByteBuffer readBuffer, final byte[] scratch) {
        this.player = player;
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
            channel.getIoThread().executeAfter(this::drop, HANG_UP_MS, TimeUnit.MILLISECONDS);
            flush();
        }
    }

    /** Closes the connection at once and discards pending frames. */
    void drop() {
        if (!isGone) {
            isGone = true;
            parser.stop();
            IoUtils.safeClose(channel);
            player.onClosed(this);
        }
    }

    int pendingBytes() {
        return pending.position() - written;
    }

    /** Writes what the socket accepts; the selector calls again for the rest. */
    void flush() {
        if (isGone || player.isSilent() && !isClosing) {
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

    /** Asks the selector for a turn as soon as the socket has room, which may be now. */
    void wakeWhenWritable() {
        if (!isWatchingWrites) {
            isWatchingWrites = true;
            sink.resumeWrites();
        }
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        if (isSending()) {
            player.onText(this, buffer, offset, length);
        }
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        // no venue that is played here receives binary messages
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        sendFrame(Opcode.PONG, payload, offset, length);
        player.onLife(this, false);
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        player.onLife(this, true);
    }

    @Override
    public void onClose(final int code, final String reason) {
        if (player.isSilent()) {
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
        return !isClosing && !isGone && !player.isSilent();
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
        player.turn();
    }

    private void onWritable() {
        isWatchingWrites = false;
        sink.suspendWrites();
        flush();
        player.turn();
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
