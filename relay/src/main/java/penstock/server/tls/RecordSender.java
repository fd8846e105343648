package penstock.server.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import org.xnio.conduits.StreamSinkConduit;

/**
 * Encrypted bytes on their way to one socket. What the socket does not take of them waits here, in memory that the
 * connections of the io thread share.
 *
 * <p>Owned by the io thread.
 */
final class RecordSender {
    /** Plain bytes of a record while that memory is scarce: four times as many clients may be slow. */
    private static final int SHORT_BYTES = 4 * 1024;

    private final StreamSinkConduit sink;
    private final HeldRecords held;
    private final Runnable close;
    /** Null = none. */
    private ByteBuffer unsent;

    /** {@code close} closes the connection. */
    RecordSender(final StreamSinkConduit sink, final TlsThread shared, final Runnable close) {
        this.sink = sink;
        held = shared.unsent();
        this.close = close;
    }

    /** Encrypts one record of {@code in}. */
    SSLEngineResult wrap(final SSLEngine engine, final ByteBuffer in, final ByteBuffer record) throws SSLException {
        final int limit = in.limit();
        if (held.isScarce()) {
            in.limit(Math.min(limit, in.position() + SHORT_BYTES));
        }
        try {
            return engine.wrap(in, record);
        } finally {
            in.limit(limit);
        }
    }

    /** Sends these bytes, behind which nothing may wait. */
    void send(final ByteBuffer bytes) throws IOException {
        sink.write(bytes);
        if (bytes.hasRemaining()) {
            if (!held.tryHold(close, bytes.remaining())) {
                throw new IOException("unsent TLS records of all clients take too much memory");
            }
            unsent = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
            sink.resumeWrites();
        }
    }

    /** Whether bytes wait for the socket. */
    boolean hasUnsent() {
        return unsent != null;
    }

    /** Sends what waits; true if nothing is left. */
    boolean flush() throws IOException {
        if (unsent != null) {
            sink.write(unsent);
            if (unsent.hasRemaining()) {
                return false;
            }
            clear();
        }
        return true;
    }

    /** Nothing waits any more. */
    void clear() {
        unsent = null;
        held.release(close);
    }
}
