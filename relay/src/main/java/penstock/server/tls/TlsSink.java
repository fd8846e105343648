package penstock.server.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.ConduitWritableByteChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.WriteReadyHandler;

/**
 * The plain bytes for a client. A write takes whole records: if the socket takes the last one in part, its rest follows
 * as soon as the socket is writable, and the writer hears of that behind it.
 *
 * <p>Owned by the io thread.
 */
final class TlsSink extends AbstractStreamSinkConduit<StreamSinkConduit> implements WriteReadyHandler {
    private final ConnectionEnds connection;
    private final TlsRecords records;
    private WriteReadyHandler writer;
    private boolean isResumed;
    private boolean isEnding;

    TlsSink(final StreamSinkConduit socket, final ConnectionEnds connection, final TlsRecords records) {
        super(socket);
        this.connection = connection;
        this.records = records;
        socket.setWriteReadyHandler(this);
    }

    @Override
    public int write(final ByteBuffer in) throws IOException {
        if (isEnding) {
            throw new ClosedChannelException();
        }
        return records.write(in);
    }

    @Override
    public long write(final ByteBuffer[] ins, final int offset, final int length) throws IOException {
        long total = 0;
        for (int i = offset; i < offset + length; i++) {
            total += write(ins[i]);
            if (ins[i].hasRemaining()) {
                break;
            }
        }
        return total;
    }

    @Override
    public int writeFinal(final ByteBuffer in) throws IOException {
        return Conduits.writeFinalBasic(this, in);
    }

    @Override
    public long writeFinal(final ByteBuffer[] ins, final int offset, final int length) throws IOException {
        return Conduits.writeFinalBasic(this, ins, offset, length);
    }

    @Override
    public long transferFrom(final FileChannel file, final long position, final long count) throws IOException {
        return file.transferTo(position, count, new ConduitWritableByteChannel(this));
    }

    @Override
    public long transferFrom(final StreamSourceChannel source, final long count, final ByteBuffer through)
            throws IOException {
        return Conduits.transfer(source, count, through, this);
    }

    @Override
    public boolean flush() throws IOException {
        if (!records.flush()) {
            return false;
        }
        if (isEnding) {
            records.closeOutbound();
            if (records.hasUnsent()) {
                return false;
            }
            if (connection.writeClosed()) {
                next.terminateWrites();
            }
        }
        return next.flush();
    }

    @Override
    public void terminateWrites() throws IOException {
        if (connection.isWriteShutdown()) {
            return;
        }
        isEnding = true;
        flush();
    }

    @Override
    public void truncateWrites() throws IOException {
        if (connection.writeClosed()) {
            next.truncateWrites();
        }
    }

    @Override
    public boolean isWriteShutdown() {
        return isEnding || connection.isWriteShutdown();
    }

    @Override
    public void resumeWrites() {
        isResumed = true;
        next.resumeWrites();
    }

    @Override
    public void wakeupWrites() {
        isResumed = true;
        next.wakeupWrites();
    }

    @Override
    public void suspendWrites() {
        isResumed = false;
        if (!records.hasUnsent()) {
            next.suspendWrites();
        }
    }

    @Override
    public boolean isWriteResumed() {
        return isResumed;
    }

    @Override
    public void setWriteReadyHandler(final WriteReadyHandler handler) {
        writer = handler;
    }

    @Override
    public void writeReady() {
        try {
            if (!records.flush()) {
                return;
            }
            if (isEnding) {
                flush();
            }
        } catch (final IOException e) {
            connection.abandon();
            return;
        }
        records.onWritable();
        if (isResumed) {
            writer.writeReady();
        } else if (!records.hasUnsent()) {
            next.suspendWrites();
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
        writer.terminated();
    }
}
