package penstock.server;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.WriteReadyHandler;
import penstock.audit.Termination;
import penstock.fanout.Session;
import penstock.fanout.frame.Transport;
import penstock.identity.Identity;
import penstock.thread.ThreadOwner;

/**
 * An upgraded connection between its session and the network. Bytes out go to the socket as the session passes them;
 * subclasses decode the bytes in.
 *
 * <p>Owned by the io thread.
 */
public abstract class SubscriberSocket implements Transport, WriteReadyHandler {
    /** At most 256 KiB per turn, so that one sender does not delay the other connections of the thread. */
    private static final int READS_PER_TURN = 4;

    private final ThreadOwner owner = new ThreadOwner();
    private final IoThreadContext context;
    private final StreamConnection connection;
    private final StreamSinkConduit sink;
    private Session session;
    private SocketAddress client;
    private Identity identity;
    /** The client, until it has shown who it is; then the session has begun. */
    private Newcomer newcomer;
    private boolean isCounted;
    private boolean isClosed;
    private boolean isReadingSuspended;

    /** Takes over {@code connection}. */
    protected SubscriberSocket(final IoThreadContext context, final StreamConnection connection) {
        this.context = context;
        this.connection = connection;
        sink = connection.getSinkChannel().getConduit();
    }

    /** Decodes bytes that the client sent. */
    protected abstract void onBytes(ByteBuffer bytes) throws IOException;

    /** A turn of reading ended. */
    protected abstract void onTurnRead();

    /** Discards everything that the client sends from now on: the connection is closing or closed. */
    protected abstract void stopDecoding();

    /** It is one of the sessions that the relay admits. */
    final void count() {
        isCounted = true;
        context.admission().onOpened();
    }

    /** The session begins, with the client at {@code from}. {@link #startReading} follows. */
    final void begin(final Session opened, final SocketAddress from, final Identity who) {
        assert owner.check();
        session = opened;
        client = from;
        identity = who;
        newcomer = null;
        sink.setWriteReadyHandler(this);
    }

    /** Starts to read the first message of a client that is not known yet. */
    final void await(final Newcomer unknown) {
        assert owner.check();
        newcomer = unknown;
        startReading();
        unknown.start();
    }

    /** No session begins: the client is sent a Close frame. */
    final void refuse(final int code, final String reason) {
        assert owner.check();
        isClosed = true;
        stopDecoding();
        RefusedHandshake.sendClose(context, connection, code, reason);
    }

    /** Starts to read what the client sends, first the bytes that came together with the request. */
    final void startReading() {
        assert owner.check();
        final ChannelListener<ConduitStreamSourceChannel> reader = this::onReadable;
        connection.getSourceChannel().setReadListener(reader);
        if (!isReadingSuspended) {
            connection.getSourceChannel().resumeReads();
        }
    }

    /** Opening the session failed: closes the connection and removes the session from its shard. */
    final void abandon() {
        if (session != null) {
            session.onDisconnected(Termination.FAILED_AT_REQUEST);
        }
        close();
    }

    final IoThreadContext context() {
        return context;
    }

    final Executor ioThread() {
        return connection.getIoThread();
    }

    /** The client, if it has not shown who it is; null once there is a session. */
    final Newcomer newcomer() {
        return newcomer;
    }

    /** The session on this socket. */
    protected final Session session() {
        return session;
    }

    /** The client as it was when the session began. */
    final Identity identity() {
        return identity;
    }

    /** The client's address. */
    final SocketAddress client() {
        return client;
    }

    final boolean isClosed() {
        return isClosed;
    }

    final boolean isReadingSuspended() {
        return isReadingSuspended;
    }

    @Override
    public final int write(final ByteBuffer frames) throws IOException {
        assert owner.check();
        return sink.write(frames);
    }

    @Override
    public final int sendBufferBytes() {
        return context.sendBufferBytes();
    }

    @Override
    public final void sendBufferBytes(final int bytes) {
        try {
            connection.setOption(Options.SEND_BUFFER, bytes);
        } catch (final IOException e) {
            // the connection is closed; the next write reports that to the session
            sink.wakeupWrites();
        }
    }

    @Override
    public final void resumeWrites() {
        assert owner.check();
        sink.resumeWrites();
    }

    @Override
    public final void suspendWrites() {
        sink.suspendWrites();
    }

    @Override
    public void suspendReads() {
        assert owner.check();
        isReadingSuspended = true;
        connection.getSourceChannel().suspendReads();
    }

    @Override
    public void resumeReads() {
        assert owner.check();
        isReadingSuspended = false;
        connection.getSourceChannel().resumeReads();
    }

    @Override
    public final void close() {
        assert owner.check();
        if (!isClosed) {
            isClosed = true;
            stopDecoding();
            if (isCounted) {
                context.admission().onClosed();
            }
            IoUtils.safeClose(connection);
        }
    }

    /** The selector reports that the socket accepts bytes again. */
    @Override
    public final void writeReady() {
        assert owner.check();
        context.onTask();
        try {
            if (isClosed) {
                sink.suspendWrites();
            } else {
                session.onWritable();
            }
        } catch (final RuntimeException | Error e) {
            onFailure(e);
        } finally {
            context.onTaskEnd();
        }
    }

    @Override
    public final void forceTermination() {
        IoUtils.safeClose(connection);
    }

    /** The listener closed the connection because the server stops. */
    @Override
    public final void terminated() {
        if (!isClosed) {
            onDisconnected(context.admission().isDraining() ? Termination.CUT : Termination.CLIENT_GONE);
        }
    }

    private void onDisconnected(final Termination by) {
        if (session != null) {
            session.onDisconnected(by);
        } else {
            newcomer.onLeft(by);
            close();
        }
    }

    private void onReadable(final ConduitStreamSourceChannel source) {
        assert owner.check();
        context.onTask();
        try {
            read(source);
            onTurnRead();
        } catch (final IOException e) {
            onDisconnected(Termination.CLIENT_GONE);
        } catch (final RuntimeException | Error e) {
            onFailure(e);
        } finally {
            context.onTaskEnd();
        }
    }

    private void read(final ConduitStreamSourceChannel source) throws IOException {
        final ByteBuffer buffer = context.readBuffer();
        for (int i = 0; i < READS_PER_TURN && !isClosed && !isReadingSuspended; i++) {
            buffer.clear();
            final int count = source.read(buffer);
            if (count < 0) {
                onDisconnected(Termination.CLIENT_GONE);
                return;
            }
            onBytes(buffer.flip());
            if (count < buffer.capacity()) {
                return;
            }
        }
    }

    final void onFailure(final Throwable failure) {
        context.errors().record("a session's connection failed", failure);
        stopDecoding();
        if (session == null) {
            onDisconnected(Termination.FAILED_AT_REQUEST);
            return;
        }
        try {
            session.close(Termination.FAILED_AT_REQUEST);
        } catch (final RuntimeException | Error e) {
            context.errors().record("a session could not be closed", e);
            close();
        }
    }
}
