package penstock.server.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.ReadReadyHandler;
import org.xnio.conduits.StreamSourceConduit;

/**
 * The plain bytes that a client sent. Its reader hears of bytes that are decrypted already, of which the socket knows
 * nothing.
 *
 * <p>Owned by the io thread.
 */
final class TlsSource extends AbstractStreamSourceConduit<StreamSourceConduit> implements ReadReadyHandler {
    private final ConnectionEnds connection;
    private final TlsRecords records;
    private ReadReadyHandler reader;
    private boolean isResumed;

    TlsSource(final StreamSourceConduit socket, final ConnectionEnds connection, final TlsRecords records) {
        super(socket);
        this.connection = connection;
        this.records = records;
        socket.setReadReadyHandler(this);
    }

    @Override
    public int read(final ByteBuffer out) throws IOException {
        return records.read(out);
    }

    @Override
    public long read(final ByteBuffer[] outs, final int offset, final int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            if (outs[i].hasRemaining()) {
                return read(outs[i]);
            }
        }
        return 0;
    }

    @Override
    public long transferTo(final long position, final long count, final FileChannel target) throws IOException {
        return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
    }

    @Override
    public long transferTo(final long count, final ByteBuffer through, final StreamSinkChannel target)
            throws IOException {
        return Conduits.transfer(this, count, through, target);
    }

    @Override
    public void resumeReads() {
        isResumed = true;
        if (records.hasMore()) {
            next.wakeupReads();
        } else if (records.isReadable()) {
            next.resumeReads();
        }
    }

    @Override
    public void wakeupReads() {
        isResumed = true;
        next.wakeupReads();
    }

    @Override
    public void suspendReads() {
        isResumed = false;
        next.suspendReads();
    }

    @Override
    public boolean isReadResumed() {
        return isResumed;
    }

    @Override
    public void terminateReads() throws IOException {
        if (connection.readClosed()) {
            next.terminateReads();
        }
    }

    @Override
    public boolean isReadShutdown() {
        return connection.isReadShutdown();
    }

    @Override
    public void setReadReadyHandler(final ReadReadyHandler handler) {
        reader = handler;
    }

    /** Reading waited for a step of the handshake. */
    void onProgress() {
        if (isResumed) {
            next.wakeupReads();
        }
    }

    @Override
    public void readReady() {
        if (!isResumed || !records.isReadable()) {
            next.suspendReads();
            return;
        }
        reader.readReady();
        if (isResumed && records.hasMore() && !connection.isReadShutdown()) {
            next.wakeupReads();
        }
    }

    @Override
    public void forceTermination() {
        connection.onSocketClosed();
    }

    @Override
    public void terminated() {
        connection.onSocketClosed();
    }

    /** The connection closed. */
    void onClosed() {
        reader.terminated();
    }
}
