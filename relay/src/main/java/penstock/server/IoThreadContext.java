package penstock.server;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.xnio.StreamConnection;
import penstock.fanout.Session;
import penstock.fanout.Shard;
import penstock.fanout.ShardThread;
import penstock.fanout.subscription.SessionKind;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.websocket.FrameLimits;
import penstock.websocket.InflaterPool;
import penstock.wire.RequestException;
import penstock.wire.request.Request;
import penstock.wire.request.RequestDecoder;

/**
 * One io thread's way from upgraded connections to its shard, and what its sockets share for reading. Owned by the io
 * thread.
 */
final class IoThreadContext {
    private static final int READ_BYTES = 64 * 1024;
    /** Ends a message that comes in crumbs: real clients send whole messages. */
    private static final int MAX_FRAGMENTS = 1024;

    private final SessionAdmission lobby;
    private final Shard shard;
    private final Counters counters;
    private final ErrorLog errors;
    private final RequestDecoder decoder;
    private final FrameLimits frameLimits;
    private final ReadTimeouts halfReads;
    private final InflaterPool inflaters;
    private final int sendBufferBytes;
    private final boolean deflates;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BYTES);
    private final byte[] scratch = new byte[READ_BYTES];

    /** {@code counters} are those of {@code shard}: written by the same thread. */
    IoThreadContext(final SessionAdmission lobby, final Shard shard, final ShardThread thread, final Counters counters,
        final ErrorLog errors,
              final RequestDecoder decoder, final ServerLimits limits) {
        this.lobby = lobby;
        this.shard = shard;
        this.counters = counters;
        this.errors = errors;
        this.decoder = decoder;
        frameLimits = new FrameLimits(limits.frameBytes(), limits.frameBytes(), MAX_FRAGMENTS);
        halfReads = new ReadTimeouts(thread, limits.messageWithinMs());
        inflaters = new InflaterPool(limits.frameBytes());
        sendBufferBytes = limits.sendBufferBytes();
        deflates = limits.deflate();
    }

    /**
     * A connection was taken over. Its query, if it had one, is the session's first request: {@code subscribe} or
     * {@code refusal}. {@code windowBits} 0: without permessage-deflate.
     */
    void open(final StreamConnection connection, final SessionKind kind, final Request.Subscribe subscribe,
            final RequestException refusal,
              final int windowBits) {
        final SubscriberSocket socket = kind == SessionKind.EVENTS ? new SseSocket(this, connection)
            : new SessionSocket(this, connection, kind == SessionKind.RAW, windowBits > 0);
        lobby.onOpened();
        try {
            final Session session = shard.open(socket, kind, remote(connection), windowBits);
            socket.start(session);
            if (subscribe != null) {
                session.onRequest(subscribe);
            } else if (refusal != null) {
                session.onRequestRefused(refusal);
            }
        } catch (final RuntimeException | Error e) {
            errors.record("a session could not be opened", e);
            socket.abandon();
        }
    }

    void onClosed() {
        lobby.onClosed();
    }

    Shard shard() {
        return shard;
    }

    Counters counters() {
        return counters;
    }

    ErrorLog errors() {
        return errors;
    }

    RequestDecoder decoder() {
        return decoder;
    }

    FrameLimits frameLimits() {
        return frameLimits;
    }

    /** What the kernel may hold for a session, unless it is slow. */
    int sendBufferBytes() {
        return sendBufferBytes;
    }

    /** Whether permessage-deflate is agreed to. */
    boolean deflates() {
        return deflates;
    }

    InflaterPool inflaters() {
        return inflaters;
    }

    ReadTimeouts halfReads() {
        return halfReads;
    }

    /** Cleared before each read. */
    ByteBuffer readBuffer() {
        return readBuffer;
    }

    byte[] scratch() {
        return scratch;
    }

    void count(final Counter counter) {
        counters.increment(counter);
    }

    private static String remote(final StreamConnection connection) {
        return connection.getPeerAddress() instanceof InetSocketAddress peer && peer.getAddress() != null
            ? peer.getAddress().getHostAddress() + ":" + peer.getPort() : "unknown";
    }
}
