package penstock.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.WriteReadyHandler;
import penstock.fanout.Outbound;
import penstock.fanout.Session;
import penstock.telemetry.Counter;
import penstock.websocket.CloseCode;
import penstock.websocket.FrameParser;
import penstock.websocket.MessageHandler;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;
import penstock.wire.CloseStatus;
import penstock.wire.RequestException;

/**
 * An upgraded connection between its session and the network: bytes out as the session hands them over, frames in as requests.
 * A client on {@code /v1/raw} believes to speak to the venue: what it says is swallowed, its pings and closes are answered.
 * Owned by the io thread.
 */
final class SessionSocket implements Outbound, MessageHandler, WriteReadyHandler, HalfReads.Reader {
    /** 256 KiB at most per turn: the others of the thread wait meanwhile. */
    private static final int READS_PER_TURN = 4;

    private final Reception reception;
    private final StreamConnection connection;
    private final StreamSinkConduit sink;
    private final FrameParser parser;
    private final boolean isRaw;
    private Session session;
    private boolean isClosed;
    private boolean isReadingSuspended;
    private boolean hasMessageEnded;
    private boolean isListed;
    private long halfReadSinceNs = HalfReads.NONE;

    SessionSocket(final Reception reception, final StreamConnection connection, final boolean isRaw) {
        this.reception = reception;
        this.connection = connection;
        this.isRaw = isRaw;
        sink = connection.getSinkChannel().getConduit();
        parser = new FrameParser(Role.SERVER, reception.frameLimits(), reception.scratch(), this);
    }

    /** Begins to read: first what came together with the handshake. */
    void start(final Session opened) {
        session = opened;
        sink.setWriteReadyHandler(this);
        final ChannelListener<ConduitStreamSourceChannel> reader = this::onReadable;
        connection.getSourceChannel().setReadListener(reader);
        if (!isReadingSuspended) {
            connection.getSourceChannel().resumeReads();
        }
    }

    /** It failed while it was opened: gone at once, from its shard too. */
    void abandon() {
        if (session != null) {
            session.onDisconnected();
        }
        close();
    }

    @Override
    public int write(final ByteBuffer frames) throws IOException {
        return sink.write(frames);
    }

    @Override
    public void resumeWrites() {
        sink.resumeWrites();
    }

    @Override
    public void suspendWrites() {
        sink.suspendWrites();
    }

    @Override
    public void suspendReads() {
        isReadingSuspended = true;
        connection.getSourceChannel().suspendReads();
    }

    @Override
    public void resumeReads() {
        isReadingSuspended = false;
        if (halfReadSinceNs != HalfReads.NONE) {
            halfReadSinceNs = reception.halfReads().nowNs();
        }
        connection.getSourceChannel().resumeReads();
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            parser.stop();
            halfReadSinceNs = HalfReads.NONE;
            reception.onClosed();
            IoUtils.safeClose(connection);
        }
    }

    /** The selector: the socket takes bytes again. */
    @Override
    public void writeReady() {
        try {
            if (isClosed) {
                sink.suspendWrites();
            } else {
                session.onWritable();
            }
        } catch (final RuntimeException | Error e) {
            onFailure(e);
        }
    }

    @Override
    public void forceTermination() {
        IoUtils.safeClose(connection);
    }

    /** Somebody else closed the connection: the listener, when the server stops. */
    @Override
    public void terminated() {
        if (!isClosed) {
            session.onDisconnected();
        }
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        hasMessageEnded = true;
        if (isRaw) {
            return;
        }
        if (length == 4 && buffer[offset] == 'p' && buffer[offset + 1] == 'i' && buffer[offset + 2] == 'n' && buffer[offset + 3] == 'g') {
            session.onTextPing();
            return;
        }
        try {
            session.onRequest(reception.decoder().decode(buffer, offset, length));
        } catch (final RequestException e) {
            session.onRequestRefused(e);
        }
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        hasMessageEnded = true;
        if (!isRaw) {
            onViolation(CloseCode.UNSUPPORTED, "requests are text frames, this one is binary");
        }
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        session.onPing(payload, offset, length);
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        session.onPong();
    }

    @Override
    public void onClose(final int code, final String reason) {
        session.onCloseFrame(code, reason);
    }

    @Override
    public long halfReadSinceNs() {
        return isReadingSuspended ? reception.halfReads().nowNs() : halfReadSinceNs;
    }

    @Override
    public void onUnlisted(final boolean tookTooLong) {
        isListed = false;
        if (tookTooLong && !isClosed) {
            onViolation(CloseCode.POLICY, "a message was begun and not finished in time");
        }
    }

    private void onReadable(final ConduitStreamSourceChannel source) {
        try {
            read(source);
            watchHalfRead();
        } catch (final ProtocolException e) {
            onViolation(e.closeCode(), e.getMessage());
        } catch (final IOException e) {
            session.onDisconnected();
        } catch (final RuntimeException | Error e) {
            onFailure(e);
        }
    }

    private void read(final ConduitStreamSourceChannel source) throws IOException, ProtocolException {
        final ByteBuffer buffer = reception.readBuffer();
        for (int i = 0; i < READS_PER_TURN && !isClosed && !isReadingSuspended; i++) {
            buffer.clear();
            final int count = source.read(buffer);
            if (count < 0) {
                session.onDisconnected();
                return;
            }
            parser.parse(buffer.flip());
            if (count < buffer.capacity()) {
                return;
            }
        }
    }

    private void watchHalfRead() {
        if (isClosed || parser.isBetweenMessages()) {
            halfReadSinceNs = HalfReads.NONE;
        } else if (halfReadSinceNs == HalfReads.NONE || hasMessageEnded) {
            halfReadSinceNs = reception.halfReads().nowNs();
            if (!isListed) {
                isListed = true;
                reception.halfReads().add(this);
            }
        }
        hasMessageEnded = false;
    }

    /** What follows is read and thrown away, so that the Close frame is not lost to a reset. */
    private void onViolation(final int code, final String reason) {
        parser.stop();
        halfReadSinceNs = HalfReads.NONE;
        reception.count(Counter.SESSIONS_VIOLATED);
        session.close(code, reason);
    }

    private void onFailure(final Throwable failure) {
        reception.errors().record("a session's connection could not be served", failure);
        parser.stop();
        halfReadSinceNs = HalfReads.NONE;
        try {
            session.close(CloseStatus.INTERNAL);
        } catch (final RuntimeException | Error e) {
            reception.errors().record("a session could not be closed", e);
            close();
        }
    }
}
