package penstock.server.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.xnio.StreamConnection;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Cuts tokens that are far too long out of the head of a connection's first request, so that they are refused like
 * every wrong token: Undertow answers a head of more than 16 KiB with 400 and does not say why. Only the rest of a line
 * is left out, and nothing behind the first empty line: what follows may be the body of a request, or a WebSocket.
 *
 * <p>Owned by the io thread of the connection.
 */
public final class LongTokens extends AbstractStreamSourceConduit<StreamSourceConduit> {
    /** Of the value; a token has at most 8 KiB. */
    static final int MAX_BYTES = 9_000;

    /** From here on the request is none that carries a token. */
    private static final int MAX_LEFT_OUT = 1 << 20;
    private static final byte[][] HEADERS = {name("authorization:"), name("sec-websocket-protocol:")};

    /** Those of {@link #HEADERS} that the line may still become, as bits. */
    private int candidates;
    private int lineBytes;
    private int leftOut;
    private boolean isHead = true;

    LongTokens(final StreamSourceConduit next) {
        super(next);
        beginLine();
    }

    /** Cuts what {@code connection} reads, above TLS if there is any. */
    public static StreamConnection cut(final StreamConnection connection) {
        final ConduitStreamSourceChannel source = connection.getSourceChannel();
        source.setConduit(new LongTokens(source.getConduit()));
        return connection;
    }

    private static byte[] name(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public int read(final ByteBuffer dst) throws IOException {
        final int from = dst.position();
        int count = next.read(dst);
        while (isHead && count > 0) {
            keep(dst, from);
            if (dst.position() > from) {
                return dst.position() - from;
            }
            count = next.read(dst);
        }
        return count;
    }

    /** Moves the bytes that are kept together. */
    private void keep(final ByteBuffer bytes, final int from) {
        final int end = bytes.position();
        int kept = from;
        for (int i = from; i < end; i++) {
            final byte next = bytes.get(i);
            if (!isHead || isKept(next)) {
                bytes.put(kept++, next);
            }
        }
        bytes.position(kept);
    }

    private boolean isKept(final byte next) {
        if (next == '\n') {
            isHead = lineBytes > 0;
            beginLine();
            return true;
        }
        if (next == '\r') {
            return true;
        }
        for (int i = 0; i < HEADERS.length; i++) {
            if (lineBytes < HEADERS[i].length && HEADERS[i][lineBytes] != lowerCase(next)) {
                candidates &= ~(1 << i);
            }
        }
        lineBytes++;
        if (candidates == 0 || lineBytes <= MAX_BYTES || leftOut >= MAX_LEFT_OUT) {
            return true;
        }
        leftOut++;
        return false;
    }

    private void beginLine() {
        candidates = (1 << HEADERS.length) - 1;
        lineBytes = 0;
    }

    private static int lowerCase(final byte next) {
        return next >= 'A' && next <= 'Z' ? next + ('a' - 'A') : next;
    }
}
