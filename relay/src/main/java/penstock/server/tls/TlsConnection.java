package penstock.server.tls;

import java.io.IOException;
import java.net.SocketAddress;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.Option;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.ssl.SslConnection;

/**
 * A connection whose bytes are encrypted on the socket and plain for those that read and write here. The handshake runs
 * while its first reader waits for bytes.
 *
 * <p>Owned by the io thread.
 */
final class TlsConnection extends SslConnection implements ConnectionEnds {
    private final StreamConnection socket;
    private final TlsThread shared;
    private final TlsRecords records;
    private final TlsSource source;
    private final TlsSink sink;
    private final ChannelListener.SimpleSetter<SslConnection> handshakes = new ChannelListener.SimpleSetter<>();

    @SuppressWarnings("this-escape")
    TlsConnection(final StreamConnection socket, final SSLEngine engine, final TlsThread shared) {
        super(socket.getIoThread());
        this.socket = socket;
        this.shared = shared;
        final var socketSource = socket.getSourceChannel().getConduit();
        final var socketSink = socket.getSinkChannel().getConduit();
        records = new TlsRecords(engine, shared, socket.getIoThread(), socketSource, socketSink, this::abandon);
        source = new TlsSource(socketSource, this, records);
        sink = new TlsSink(socketSink, this, records);
        records.onProgress(source::onProgress);
        setSourceConduit(source);
        setSinkConduit(sink);
    }

    @Override
    public void onSocketClosed() {
        if (!socket.isOpen()) {
            abandon();
        }
    }

    @Override
    public void abandon() {
        IoUtils.safeClose(this);
    }

    @Override
    public boolean readClosed() {
        return super.readClosed();
    }

    @Override
    public boolean writeClosed() {
        return super.writeClosed();
    }

    @Override
    protected void notifyReadClosed() {
        source.onClosed();
        super.notifyReadClosed();
    }

    @Override
    protected void notifyWriteClosed() {
        sink.onClosed();
        super.notifyWriteClosed();
    }

    @Override
    protected void closeAction() throws IOException {
        records.close();
        if (!records.isEstablished()) {
            shared.onFailed(socket);
        }
        socket.close();
    }

    @Override
    public SocketAddress getPeerAddress() {
        return socket.getPeerAddress();
    }

    @Override
    public SocketAddress getLocalAddress() {
        return socket.getLocalAddress();
    }

    @Override
    public boolean supportsOption(final Option<?> option) {
        return option == Options.SECURE || socket.supportsOption(option);
    }

    @Override
    public <T> T getOption(final Option<T> option) throws IOException {
        return option == Options.SECURE ? option.cast(Boolean.TRUE) : socket.getOption(option);
    }

    @Override
    public <T> T setOption(final Option<T> option, final T value) throws IOException {
        return socket.setOption(option, value);
    }

    /** The client begins. */
    @Override
    public void startHandshake() throws IOException {
        records.engine().beginHandshake();
    }

    @Override
    public SSLSession getSslSession() {
        return records.engine().getSession();
    }

    @Override
    public ChannelListener.Setter<? extends SslConnection> getHandshakeSetter() {
        return handshakes;
    }
}
