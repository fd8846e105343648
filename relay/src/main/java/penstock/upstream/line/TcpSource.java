package penstock.upstream.line;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import penstock.text.PrintableText;
import penstock.venue.spec.UpstreamUrl;

/** A TCP connection that is only read. Its thread owns the socket; the feed thread closes it. */
final class TcpSource implements LineSource {
    private static final int BUFFER_BYTES = 64 << 10;

    private final UpstreamUrl url;
    private final int connectTimeoutMs;
    private final Socket socket = new Socket();

    TcpSource(final UpstreamUrl url, final long connectTimeoutMs) {
        this.url = url;
        this.connectTimeoutMs = (int) connectTimeoutMs;
    }

    @Override
    public void start(final Sink sink) {
        final Thread thread = new Thread(() -> run(sink), "lines");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void stop() {
        try {
            socket.close();
        } catch (final IOException e) {
            // it is not used any more
            return;
        }
    }

    private void run(final Sink sink) {
        try {
            final String host = url.host().startsWith("[") ? url.host().substring(1, url.host().length() - 1)
                : url.host();
            socket.connect(new InetSocketAddress(host, url.port()), connectTimeoutMs);
            socket.setKeepAlive(true);
        } catch (final IOException e) {
            stop();
            sink.onUnreachable("no connection to " + url + ": " + PrintableText.excerpt(e.toString()));
            return;
        }
        try {
            read(sink);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stop();
        }
    }

    private void read(final Sink sink) throws InterruptedException {
        final byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = socket.getInputStream()) {
            sink.onOpen();
            int count = in.read(buffer);
            while (count >= 0 && sink.takes(buffer, count)) {
                count = in.read(buffer);
            }
            sink.onEnd(url + " has ended the connection", -1);
        } catch (final IOException e) {
            sink.onEnd("the connection to " + url + " was lost: " + PrintableText.excerpt(e.toString()), -1);
        }
    }
}
