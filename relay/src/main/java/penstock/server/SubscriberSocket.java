package penstock.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.WriteReadyHandler;
import penstock.fanout.Session;
import penstock.fanout.frame.Transport;
import penstock.wire.CloseStatus;

/**
 * A connection that was taken over, between its session and the network: bytes out as the session hands them over,
 * bytes in as its kind makes of them. Owned by the io thread.
 */
abstract class SubscriberSocket implements Transport, WriteReadyHandler {
    /** 256 KiB at most per turn: the others of the thread wait meanwhile. */
    private static final int READS_PER_TURN = 4;

    private final IoThreadContext reception;
    private final StreamConnection connection;
    private final StreamSinkConduit sink;
    private Session session;
    private boolean isClosed;
    private boolean isReadingSuspended;

    SubscriberSocket(final IoThreadContext reception, final StreamConnection connection) {
        this.reception = reception;
        this.connection = connection;
        sink = connection.getSinkChannel().getConduit();
    }

    /** Bytes came. */
    abstract void onBytes(ByteBuffer bytes) throws IOException;

    /** A turn of reading is over. */
    abstract void onRead();

    /** What comes from now on is thrown away: it closes, or is closed. */
    abstract void stopListening();

    /** Begins to read: first what came together with the request. */
    final void start(final Session opened) {
        session = opened;
        sink.setWriteReadyHandler(this);
        final ChannelListener<ConduitStreamSourceChannel> reader = this::onReadable;
        connection.getSourceChannel().setReadListener(reader);
        if (!isReadingSuspended) {
            connection.getSourceChannel().resumeReads();
        }
    }

    /** It failed while it was opened: gone at once, from its shard too. */
    final void abandon() {
        if (session != null) {
            session.onDisconnected();
        }
        close();
    }

    final IoThreadContext reception() {
        return reception;
    }

    final Session session() {
        return session;
    }

    final boolean isClosed() {
        return isClosed;
    }

    final boolean isReadingSuspended() {
        return isReadingSuspended;
    }

    @Override
    public final int write(final ByteBuffer frames) throws IOException {
        return sink.write(frames);
    }

    @Override
    public final int sendBufferBytes() {
        return reception.sendBufferBytes();
    }

    @Override
    public final void sendBufferBytes(final int bytes) {
        try {
            connection.setOption(Options.SEND_BUFFER, bytes);
        } catch (final IOException e) {
            // closed meanwhile; the next write tells the session
            sink.wakeupWrites();
        }
    }

    @Override
    public final void resumeWrites() {
        sink.resumeWrites();
    }

    @Override
    public final void suspendWrites() {
        sink.suspendWrites();
    }

    @Override
    public final void suspendReads() {
        isReadingSuspended = true;
        connection.getSourceChannel().suspendReads();
    }

    @Override
    public void resumeReads() {
        isReadingSuspended = false;
        connection.getSourceChannel().resumeReads();
    }

    @Override
    public final void close() {
        if (!isClosed) {
            isClosed = true;
            stopListening();
            reception.onClosed();
            IoUtils.safeClose(connection);
        }
    }

    /** The selector: the socket takes bytes again. */
    @Override
    public final void writeReady() {
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
    public final void forceTermination() {
        IoUtils.safeClose(connection);
    }

    /** Somebody else closed the connection: the listener, when the server stops. */
    @Override
    public final void terminated() {
        if (!isClosed) {
            session.onDisconnected();
        }
    }

    private void onReadable(final ConduitStreamSourceChannel source) {
        try {
            read(source);
            onRead();
        } catch (final IOException e) {
            session.onDisconnected();
        } catch (final RuntimeException | Error e) {
            onFailure(e);
        }
    }

    private void read(final ConduitStreamSourceChannel source) throws IOException {
        final ByteBuffer buffer = reception.readBuffer();
        for (int i = 0; i < READS_PER_TURN && !isClosed && !isReadingSuspended; i++) {
            buffer.clear();
            final int count = source.read(buffer);
            if (count < 0) {
                session.onDisconnected();
                return;
            }
            onBytes(buffer.flip());
            if (count < buffer.capacity()) {
                return;
            }
        }
    }

    private void onFailure(final Throwable failure) {
        reception.errors().record("a session's connection could not be served", failure);
        stopListening();
        try {
            session.close(CloseStatus.INTERNAL);
        } catch (final RuntimeException | Error e) {
            reception.errors().record("a session could not be closed", e);
            close();
        }
    }
}
