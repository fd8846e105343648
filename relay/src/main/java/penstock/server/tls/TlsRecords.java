package penstock.server.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.xnio.XnioIoThread;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;
import penstock.telemetry.Counter;
import penstock.thread.ThreadOwner;

/**
 * The records of one connection: decrypts what the socket receives, encrypts what it sends, and answers the handshake,
 * whose expensive steps run on a worker. Between two calls it holds at most the half record that has arrived, and the
 * rest of one that the socket took in part.
 *
 * <p>Owned by the io thread; while a worker takes a step of the handshake, the io thread leaves the engine alone.
 */
final class TlsRecords {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int HANDSHAKE_BYTES = TlsThread.RECORD_BYTES;

    private final ThreadOwner owner = new ThreadOwner();
    private final SSLEngine engine;
    private final TlsThread shared;
    private final XnioIoThread thread;
    private final StreamSourceConduit source;
    private final RecordSender sender;
    private final Runnable close;
    /** Encrypted bytes that do not make a whole record, or whose turn has not come; null = none. */
    private byte[] received;
    /** Decrypted bytes for which the reader had no room; null = none. */
    private ByteBuffer plain;
    private IOException failure;
    private boolean isEstablished;
    private boolean isStepRunning;
    private boolean isBlockedByWrite;
    private boolean isInboundDone;
    private boolean isOutboundDone;
    private boolean isClosed;
    private boolean hasMore;
    private Runnable onProgress = () -> { };

    /**
     * Between {@code source} and {@code sink} of the socket.
     *
     * @param close closes the connection
     */
    TlsRecords(final SSLEngine engine, final TlsThread shared, final XnioIoThread thread,
            final StreamSourceConduit source, final StreamSinkConduit sink, final Runnable close) {
        this.engine = engine;
        this.shared = shared;
        this.thread = thread;
        this.source = source;
        sender = new RecordSender(sink, shared, close);
        this.close = close;
    }

    /** {@code listener} is called when a step of the handshake ended that reading waited for. */
    void onProgress(final Runnable listener) {
        onProgress = listener;
    }

    /** Whether the handshake is complete. */
    boolean isEstablished() {
        return isEstablished;
    }

    SSLEngine engine() {
        return engine;
    }

    /** Whether reading can get anywhere now. */
    boolean isReadable() {
        return !isStepRunning && !isBlockedByWrite;
    }

    /** Whether the next read finds bytes without a sign from the socket. */
    boolean hasMore() {
        return hasMore;
    }

    /** Whether encrypted bytes wait for the socket. */
    boolean hasUnsent() {
        return sender.hasUnsent();
    }

    /** Decrypts into {@code out}; 0 = nothing yet, -1 = the end. */
    int read(final ByteBuffer out) throws IOException {
        assert owner.check();
        if (failure != null) {
            throw failure;
        }
        final int total = takePlain(out);
        if (total > 0 || isClosed || isInboundDone) {
            return total > 0 ? total : -1;
        }
        if (!out.hasRemaining() || !isReadable()) {
            return 0;
        }
        try {
            return receive(out);
        } catch (final SSLException | RuntimeException e) {
            throw fail(e);
        }
    }

    /** Encrypts from {@code in} as much as the socket takes, and at most one record more; returns the plain bytes. */
    int write(final ByteBuffer in) throws IOException {
        assert owner.check();
        if (failure != null || isClosed || isOutboundDone) {
            throw new ClosedChannelException();
        }
        if (!isEstablished) {
            throw new IOException("nothing can be sent before the TLS handshake");
        }
        int total = 0;
        while (in.hasRemaining() && flush()) {
            final ByteBuffer record = shared.sent();
            final SSLEngineResult result = sender.wrap(engine, in, record);
            total += result.bytesConsumed();
            if (result.getStatus() != SSLEngineResult.Status.OK) {
                throw new ClosedChannelException();
            }
            sender.send(record.flip());
        }
        return total;
    }

    /** Sends what waits for the socket; true if nothing is left. */
    boolean flush() throws IOException {
        assert owner.check();
        return sender.flush();
    }

    /** The socket takes bytes again: goes on with a handshake that waited for it. */
    void onWritable() {
        assert owner.check();
        if (isBlockedByWrite && !hasUnsent()) {
            isBlockedByWrite = false;
            proceed();
        }
    }

    /** Says goodbye, unless written bytes still wait for the socket. */
    void closeOutbound() throws IOException {
        assert owner.check();
        if (!isOutboundDone && !isClosed) {
            isOutboundDone = true;
            if (isEstablished && !isStepRunning && flush()) {
                engine.closeOutbound();
                final ByteBuffer record = shared.sent();
                engine.wrap(NOTHING, record);
                sender.send(record.flip());
            }
        }
    }

    /** Lets go of everything. The connection closes. */
    void close() {
        assert owner.check();
        if (!isClosed) {
            try {
                closeOutbound();
            } catch (final IOException | RuntimeException e) {
                // no peer is left to say goodbye to
            }
            sender.clear();
            isClosed = true;
            release();
            plain = null;
            if (!isEstablished) {
                shared.count(Counter.TLS_HANDSHAKES_FAILED);
            }
        }
    }

    private int takePlain(final ByteBuffer out) {
        int count = 0;
        if (plain != null) {
            count = Math.min(out.remaining(), plain.remaining());
            out.put(plain.slice(plain.position(), count));
            plain.position(plain.position() + count);
            plain = plain.hasRemaining() ? plain : null;
            hasMore = plain != null || received != null;
        }
        return count;
    }

    private int receive(final ByteBuffer out) throws IOException {
        final ByteBuffer in = shared.received();
        if (!isEstablished) {
            in.limit(HANDSHAKE_BYTES);
        }
        if (received != null) {
            in.limit(Math.max(in.limit(), received.length)).put(received);
            release();
        }
        in.flip();
        int total = decrypt(in, out);
        while (total == 0 && isReadable() && !isInboundDone) {
            in.compact();
            if (!isEstablished) {
                in.limit(Math.max(HANDSHAKE_BYTES, in.position()));
            }
            final int count = source.read(in);
            in.flip();
            if (count <= 0) {
                isInboundDone = count < 0;
                break;
            }
            total = decrypt(in, out);
        }
        hold(in);
        return total == 0 && isInboundDone ? -1 : total;
    }

    /** Decrypts whole records until {@code out} or a millisecond is full; those of the handshake are answered. */
    private int decrypt(final ByteBuffer in, final ByteBuffer out) throws IOException {
        int total = 0;
        hasMore = false;
        shared.begin();
        while (in.hasRemaining() && out.hasRemaining() && plain == null && isReadable() && !isInboundDone
                && (total == 0 || !shared.isTimeUp())) {
            SSLEngineResult result = engine.unwrap(in, out);
            total += result.bytesProduced();
            if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
                final ByteBuffer whole = shared.plain();
                result = engine.unwrap(in, whole);
                total += give(whole.flip(), out);
            }
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                isInboundDone = true;
            } else if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                return total;
            } else if (result.bytesConsumed() == 0 && result.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
                return total;
            } else {
                answer(result.getHandshakeStatus());
            }
        }
        hasMore = in.hasRemaining() && isReadable() || plain != null;
        return total;
    }

    private int give(final ByteBuffer whole, final ByteBuffer out) {
        final int count = Math.min(whole.remaining(), out.remaining());
        out.put(whole.slice(whole.position(), count));
        whole.position(whole.position() + count);
        plain = whole.hasRemaining() ? copy(whole) : null;
        return count;
    }

    /** Takes the steps that the engine asks for. */
    private void answer(final HandshakeStatus asked) throws IOException {
        HandshakeStatus status = asked;
        while (status == HandshakeStatus.FINISHED || status == HandshakeStatus.NEED_WRAP
                || status == HandshakeStatus.NEED_TASK) {
            refuseRenegotiation(status);
            if (status == HandshakeStatus.NEED_TASK) {
                startStep();
                return;
            }
            if (status == HandshakeStatus.NEED_WRAP) {
                if (!flush()) {
                    isBlockedByWrite = true;
                    return;
                }
                status = sendFlight();
            }
            if (status == HandshakeStatus.FINISHED) {
                isEstablished = true;
                shared.count(Counter.TLS_HANDSHAKES);
                status = engine.getHandshakeStatus();
            }
        }
    }

    /** All records that the engine has, in one write. */
    private HandshakeStatus sendFlight() throws IOException {
        final ByteBuffer flight = shared.sent();
        HandshakeStatus status = HandshakeStatus.NEED_WRAP;
        while (status == HandshakeStatus.NEED_WRAP && flight.remaining() >= TlsThread.RECORD_BYTES) {
            final SSLEngineResult result = engine.wrap(NOTHING, flight);
            status = result.getStatus() == SSLEngineResult.Status.OK ? result.getHandshakeStatus()
                : HandshakeStatus.NOT_HANDSHAKING;
        }
        sender.send(flight.flip());
        return status;
    }

    /** TLS 1.3 has none. In 1.2 a client could make the relay compute keys again and again. */
    private void refuseRenegotiation(final HandshakeStatus status) throws SSLException {
        if (isEstablished && status != HandshakeStatus.FINISHED
                && !engine.getSession().getProtocol().equals("TLSv1.3")) {
            throw new SSLException("the client wants to negotiate again");
        }
    }

    private void startStep() {
        isStepRunning = true;
        source.suspendReads();
        try {
            thread.getWorker().execute(() -> {
                try {
                    Runnable step = engine.getDelegatedTask();
                    while (step != null) {
                        step.run();
                        step = engine.getDelegatedTask();
                    }
                } finally {
                    proceedOnIoThread();
                }
            });
        } catch (final RejectedExecutionException e) {
            // the relay ends
            close.run();
        }
    }

    private void proceedOnIoThread() {
        try {
            thread.execute(this::onStepped);
        } catch (final RejectedExecutionException e) {
            // the relay ends, and its io threads with it: no connection is left
            isStepRunning = false;
        }
    }

    private void onStepped() {
        assert owner.check();
        isStepRunning = false;
        if (!isClosed) {
            proceed();
        }
    }

    private void proceed() {
        try {
            answer(engine.getHandshakeStatus());
        } catch (final IOException | RuntimeException e) {
            fail(e);
        }
        hasMore = received != null || failure != null;
        if (isReadable()) {
            onProgress.run();
        }
    }

    /** Sends the alert, if the socket takes it. */
    private IOException fail(final Exception cause) {
        failure = cause instanceof IOException io ? io : new SSLException("TLS failed", cause);
        isBlockedByWrite = false;
        try {
            if (flush() && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                sendFlight();
            }
        } catch (final IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private void hold(final ByteBuffer in) throws IOException {
        if (in.hasRemaining() && !isClosed) {
            if (!shared.held().tryHold(close, in.remaining())) {
                throw new IOException("half TLS records of all clients take too much memory");
            }
            received = new byte[in.remaining()];
            in.get(received);
        }
    }

    private void release() {
        received = null;
        shared.held().release(close);
    }

    private static ByteBuffer copy(final ByteBuffer bytes) {
        return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    }
}
