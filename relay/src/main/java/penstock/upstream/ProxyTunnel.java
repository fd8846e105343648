package penstock.upstream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;
import penstock.text.Version;
import penstock.venue.spec.UpstreamUrl;

/**
 * Asks an HTTP proxy for a tunnel over a connected socket: one CONNECT and its answer (RFC 9110 section 9.3.6). After a
 * positive answer the socket is that of the venue. Owned by the feed thread.
 */
final class ProxyTunnel {
    private final HttpProxy proxy;
    private final String target;
    private final StreamConnection socket;
    private final UpgradeHead head;
    private final Answer answer;
    private final ByteBuffer request;
    private final ByteBuffer one = ByteBuffer.allocate(1);
    private int matched;
    private boolean isEnded;

    /** Receives the result, once. */
    interface Answer {
        void onTunnel(StreamConnection socket);

        /** {@code status}: the proxy's answer, 0 = none. The caller closes the socket. */
        void onNoTunnel(String detail, int status);
    }

    ProxyTunnel(final HttpProxy proxy, final UpstreamUrl url, final StreamConnection socket, final Answer answer) {
        this.proxy = proxy;
        this.socket = socket;
        this.answer = answer;
        target = url.host() + ":" + url.port();
        head = new UpgradeHead(socket.getSourceChannel().getConduit());
        request = ByteBuffer.wrap(("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nUser-Agent: penstock/"
            + Version.TEXT + "\r\n"
            + (proxy.authorization() == null ? "" : "Proxy-Authorization: " + proxy.authorization() + "\r\n")
            + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    void start() {
        socket.getSinkChannel().setWriteListener(this::onWritable);
        socket.getSourceChannel().setReadListener(this::onReadable);
        socket.getSourceChannel().resumeReads();
        onWritable(socket.getSinkChannel());
    }

    private void onWritable(final ConduitStreamSinkChannel sink) {
        try {
            while (request.hasRemaining() && sink.write(request) > 0) {
                assert !isEnded;
            }
            if (request.hasRemaining()) {
                sink.resumeWrites();
            } else {
                sink.suspendWrites();
            }
        } catch (final IOException e) {
            fail("the connection to the proxy " + proxy + " was lost: " + e.getMessage(), 0);
        }
    }

    /** Reads byte by byte: what follows the answer belongs to TLS or the WebSocket. */
    private void onReadable(final ConduitStreamSourceChannel source) {
        try {
            while (!isEnded) {
                one.clear();
                final int count = head.read(one);
                if (count < 0) {
                    fail("the proxy " + proxy + " closed the connection without an answer to CONNECT " + target, 0);
                } else if (count == 0) {
                    return;
                } else if (isLast(one.get(0))) {
                    onAnswer();
                }
            }
        } catch (final IOException e) {
            fail("no answer of the proxy " + proxy + " to CONNECT " + target + ": " + e.getMessage(), 0);
        }
    }

    /** True at the empty line that ends the head. */
    private boolean isLast(final byte next) {
        final byte expected = (byte) (matched % 2 == 0 ? '\r' : '\n');
        matched = next == expected ? matched + 1 : next == '\r' ? 1 : 0;
        return matched == 4;
    }

    private void onAnswer() {
        final int status = head.status();
        if (status / 100 == 2) {
            end();
            answer.onTunnel(socket);
        } else if (status == 0) {
            fail("the proxy " + proxy + " did not answer CONNECT " + target + " in HTTP/1.1; check that feed.proxy or "
                + "HTTPS_PROXY names an HTTP proxy", 0);
        } else {
            fail(proxy.explain(status, head.statusLine(), target), status);
        }
    }

    private void fail(final String detail, final int status) {
        if (!isEnded) {
            end();
            answer.onNoTunnel(detail, status);
        }
    }

    private void end() {
        isEnded = true;
        socket.getSourceChannel().suspendReads();
        socket.getSinkChannel().suspendWrites();
        socket.getSourceChannel().setReadListener(null);
        socket.getSinkChannel().setWriteListener(null);
    }
}
